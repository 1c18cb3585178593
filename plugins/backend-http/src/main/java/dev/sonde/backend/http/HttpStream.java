package dev.sonde.backend.http;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One request to the server for each read group and run of sequences. */
final class HttpStream implements ActivationStream {
  private static final int TOKENS_AT_ONCE = 4_096;

  private final Server server;
  private final ModelInfo info;
  private final ForwardRequest request;
  private final List<int[]> parts = new ArrayList<>();
  private Optional<Batch> current = Optional.empty();
  private Arena memory = Arena.ofShared();
  private boolean closed;
  private int done;

  HttpStream(Server server, ModelInfo info, ForwardRequest request) {
    this.server = server;
    this.info = info;
    this.request = request;
    int budget = request.tokenBudget() > 0 ? request.tokenBudget() : TOKENS_AT_ONCE;
    int from = 0;
    int tokens = 0;
    for (int i = 0; i < request.sequences().size(); i++) {
      int length = request.sequences().get(i).length();
      if (i > from && tokens + length > budget) {
        parts.add(new int[] {from, i});
        from = i;
        tokens = 0;
      }
      tokens += length;
    }
    parts.add(new int[] {from, request.sequences().size()});
  }

  @Override
  public boolean next() {
    memory.close();
    memory = Arena.ofShared();
    current = Optional.empty();
    int groups = request.groups().size();
    if (done == parts.size() * groups) {
      return false;
    }
    int[] part = parts.get(done / groups);
    current = Optional.of(batch(done % groups, part[0], part[1]));
    done++;
    return true;
  }

  private Batch batch(int group, int from, int to) {
    List<Read> reads = request.groups().get(group);
    List<HookPoint> points = reads.stream().map(Read::point).distinct().toList();
    List<Sequence> sequences = request.sequences().subList(from, to);
    FloatBuffer answer = server.forward(points, sequences);
    int tokens = sequences.stream().mapToInt(Sequence::length).sum();
    List<Rows> rows = new ArrayList<>();
    for (Read read : reads) {
      int before = 0;
      for (HookPoint earlier : points.subList(0, points.indexOf(read.point()))) {
        before += tokens * info.width(earlier);
      }
      rows.add(rows(read, answer, before, from, sequences));
    }
    return new Batch(group, rows);
  }

  /**
   * The rows of a read.
   *
   * @param before where the rows of its point begin in the answer
   * @param first the index in the request of the first sequence
   */
  private Rows rows(
      Read read, FloatBuffer answer, int before, int first, List<Sequence> sequences) {
    int width = info.width(read.point());
    List<int[]> chosen = new ArrayList<>(); // token in the answer, sequence, place
    int start = 0;
    for (int i = 0; i < sequences.size(); i++) {
      boolean all = read.selector().equals(Selector.all());
      for (int token : read.selector().tokens(sequences.get(i))) {
        chosen.add(new int[] {start + token, first + i, all ? token : 0});
      }
      start += sequences.get(i).length();
    }
    MemorySegment values =
        memory.allocate(Math.max(1L, (long) chosen.size() * width) * Float.BYTES, Float.BYTES);
    float[] row = new float[width];
    for (int i = 0; i < chosen.size(); i++) {
      answer.get(before + chosen.get(i)[0] * width, row);
      MemorySegment.copy(
          row, 0, values, ValueLayout.JAVA_FLOAT, (long) i * width * Float.BYTES, width);
    }
    return Rows.even(
        read,
        chosen.size(),
        width,
        values,
        chosen.stream().mapToInt(c -> c[1]).toArray(),
        chosen.stream().mapToInt(c -> c[2]).toArray());
  }

  @Override
  public Batch batch() {
    return current.orElseThrow(() -> new IllegalStateException("there is no current batch"));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      current = Optional.empty();
      memory.close();
    }
  }
}
