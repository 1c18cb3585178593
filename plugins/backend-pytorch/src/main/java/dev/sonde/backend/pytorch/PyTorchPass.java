package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.packing.BatchComputation;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.RowSelection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** One packed batch, run block by block as deep as its reads need. */
final class PyTorchPass implements BatchComputation {
  /** Rows whose logits over the whole vocabulary are held at once. */
  private static final int UNEMBEDDED_AT_ONCE = 256;

  private final Torch torch;
  private final DecoderSpec spec;
  private final Transformer decoder;
  private final Readout readout;
  private final Optional<SharedPrefixes> prefixes;
  private final int depth;
  private final Torch.Scope scope;
  private final PackedTokens tokens;
  private final Taps taps;
  private final Map<HookPoint, PtNDArray[]> edges = new HashMap<>();
  private final Set<HookPoint> watched;
  private final Map<HookPoint, PtNDArray> graph = new LinkedHashMap<>();
  private Optional<StreamTensors> streams = Optional.empty();
  private int layer;
  private boolean finished;

  PyTorchPass(
      Transformer decoder, Torch torch, Readout readout, Optional<SharedPrefixes> prefixes) {
    this.torch = torch;
    this.spec = decoder.spec();
    this.decoder = decoder;
    this.readout = readout;
    this.prefixes = prefixes;
    this.depth = readout.depth(spec.layers());
    this.watched = readout.gradients();
    this.scope = watched.isEmpty() ? torch.scope() : torch.recordingScope();
    this.tokens = new PackedTokens(spec, runs(readout, prefixes), scope, this::keepEdges);
    this.taps = new Reading();
  }

  /** The runs of a batch, behind what is shared. */
  static List<PackedTokens.Run> runs(Readout readout, Optional<SharedPrefixes> prefixes) {
    PackedBatch batch = readout.batch();
    return IntStream.range(0, batch.size())
        .mapToObj(
            i ->
                prefixes
                    .map(p -> p.run(batch.index(i), batch.length(i), batch.sequence(i)))
                    .orElseGet(() -> PackedTokens.Run.of(batch.sequence(i))))
        .toList();
  }

  private Edits edits() {
    Edits all = new Edits();
    PackedBatch batch = readout.batch();
    for (int i = 0; i < batch.size(); i++) {
      int length = batch.sequence(i).length();
      all.add(batch.sequence(i), batch.start(i), batch.skipped(i), length);
    }
    return all;
  }

  /** Changes what the sequences wish, then shows the readout every point that it wants. */
  private final class Reading implements Taps {
    private final Edits edits = edits();
    private final boolean linears = readout.wantsLinears() || edits.touchesLinears();

    @Override
    public boolean wants(HookPoint point) {
      return readout.wants(point) || edits.touches(point) || watched.contains(point);
    }

    @Override
    public boolean wantsLinears() {
      return linears;
    }

    /** What others may go on from is computed to the end. */
    @Override
    public boolean enough() {
      return readout.batch().startBlock().isPresent() && readout.isComplete();
    }

    @Override
    public PtNDArray at(Torch.Scope inner, HookPoint point, PtNDArray activations) {
      PtNDArray changed = watch(inner, point, edits.at(inner, point, activations));
      if (readout.wants(point)) {
        readout.pass(point, (rows, how, memory) -> take(inner, changed, rows, how, memory));
      }
      return changed;
    }

    /**
     * Gradients are recorded from the embedding on, and kept track of at each point of their own.
     */
    private PtNDArray watch(Torch.Scope inner, HookPoint point, PtNDArray activations) {
      if (watched.contains(point)) {
        PtNDArray own = scope.keep(inner.call("watched", activations));
        graph.put(point, own);
        return own;
      }
      return inner.isRecording() && point.equals(HookPoint.EMBED)
          ? inner.call("watched", activations)
          : activations;
    }
  }

  @Override
  public Readout readout() {
    return readout;
  }

  @Override
  public boolean advance() {
    if (taps.enough()) {
      return false;
    }
    if (streams.isEmpty()) {
      streams = Optional.of(begin(readout.batch()));
      return true;
    }
    StreamTensors before = streams.get();
    if (layer < depth) {
      StreamTensors after = decoder.block(scope, layer, before, tokens, taps);
      edges.forEach(this::passEdges);
      edges.clear();
      if (!scope.isRecording() && !taps.enough()) {
        before.close();
      }
      streams = Optional.of(after);
      layer++;
      if (layer == depth) {
        prefixes.ifPresent(this::keepRuns);
      }
      return true;
    }
    if (depth == spec.layers() && !finished) {
      finished = true;
      PtNDArray last = decoder.last(scope, before);
      try (Torch.Scope plain = scope.unrecorded()) {
        unembed(plain, last);
      }
      differentiate(last);
      return true;
    }
    return false;
  }

  /** The residual stream before the first block that is run. */
  private StreamTensors begin(PackedBatch batch) {
    if (batch.startBlock().isEmpty()) {
      return decoder.embed(scope, batch.tokenIds(), tokens, taps);
    }
    layer = batch.startBlock().getAsInt();
    PtNDArray given = scope.floats(batch.residual(), batch.tokens(), spec.width());
    return decoder.from(scope.isRecording() ? scope.call("watched", given) : given);
  }

  /** Objective by objective, back to every watched point at once. */
  private void differentiate(PtNDArray last) {
    Objectives objectives = new Objectives(torch, decoder, readout.batch());
    List<HookPoint> points = List.copyOf(graph.keySet());
    PtNDArray[] xs = graph.values().toArray(PtNDArray[]::new);
    if (xs.length == 0) {
      return;
    }
    try (Torch.Scope plain = scope.unrecorded()) {
      List<PtNDArray> ofLast = objectives.gradients(plain, last);
      for (int index = 0; index < ofLast.size(); index++) {
        int objective = index;
        try (Torch.Scope inner = plain.unrecorded()) {
          List<PtNDArray> found = inner.callForMany("gradients", last, ofLast.get(index), xs);
          for (int i = 0; i < points.size(); i++) {
            PtNDArray gradient = found.get(i);
            readout.passGradient(
                points.get(i),
                objective,
                (rows, how, memory) -> take(inner, gradient, rows, how, memory));
          }
        }
      }
    }
  }

  private void keepRuns(SharedPrefixes shared) {
    tokens.advance();
    for (int i = 0; i < readout.batch().size(); i++) {
      shared.keep(readout.batch().index(i), tokens.run(i));
    }
  }

  private void keepEdges(HookPoint point, int run, PtNDArray values) {
    int count = readout.batch().size();
    edges.computeIfAbsent(point, p -> new PtNDArray[count])[run] = scope.keep(values);
  }

  private void passEdges(HookPoint point, PtNDArray[] perRun) {
    int layer = point.layer().orElseThrow();
    int heads = spec.attention(layer).orElseThrow().heads();
    readout.pass(point, (rows, how, memory) -> takeEdges(perRun, heads, rows, memory));
    Arrays.stream(perRun).forEach(PtNDArray::close);
  }

  /** A row per query: its heads one after the other, each over the keys up to its own. */
  private Readout.Values takeEdges(PtNDArray[] perRun, int heads, RowSelection rows, Arena memory) {
    long[] offsets = new long[rows.size() + 1];
    for (int row = 0; row < rows.size(); row++) {
      offsets[row + 1] = offsets[row] + (long) heads * (query(rows, row) + 1);
    }
    MemorySegment taken = memory.allocate(Math.max(1, offsets[rows.size()]) * 4L, Float.BYTES);
    for (int row = 0; row < rows.size(); row++) {
      MemorySegment cells = Torch.host(perRun[rows.sequencePlace(row)]);
      int place = rows.sequencePlace(row);
      long keys = readout.batch().sequence(place).length();
      long queries = readout.batch().length(place);
      long query = query(rows, row);
      long line = query - readout.batch().skipped(place);
      for (int head = 0; head < heads; head++) {
        long from = (head * queries + line) * keys * Float.BYTES;
        long to = (offsets[row] + head * (query + 1)) * Float.BYTES;
        MemorySegment.copy(cells, from, taken, to, (query + 1) * Float.BYTES);
      }
    }
    return new Readout.Values(taken, 0, offsets);
  }

  private int query(RowSelection rows, int row) {
    return rows.from(row) - readout.batch().start(rows.sequencePlace(row));
  }

  private Readout.Values take(
      Torch.Scope outer, PtNDArray activations, RowSelection rows, String reduction, Arena memory) {
    return take(outer, activations, readout.batch().tokens(), rows, reduction, memory);
  }

  /**
   * Copies rows of a batch.
   *
   * @param activations {@code [tokens, …]}
   */
  static Readout.Values take(
      Torch.Scope outer,
      PtNDArray activations,
      int tokens,
      RowSelection rows,
      String reduction,
      Arena memory) {
    long size = activations.getShape().size() / activations.getShape().get(0);
    int width = reduction.equals(Read.NORM) ? 1 : Math.toIntExact(size);
    if (rows.size() == 0) {
      return new Readout.Values(memory.allocate(Float.BYTES), width);
    }
    try (Torch.Scope inner = outer.unrecorded()) {
      int[] from = rows.tokens();
      PtNDArray flat = inner.call("flat", activations);
      PtNDArray taken;
      if (!reduction.equals(Read.NONE)) {
        long[] ends = IntStream.range(0, rows.size()).mapToLong(rows::to).toArray();
        taken = inner.call("reduce", flat, longs(from), ends, reduction);
      } else if (from.length == tokens) {
        taken = flat;
      } else {
        taken = inner.call("take", flat, inner.integers(from));
      }
      return new Readout.Values(copy(taken, memory), width);
    }
  }

  private static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  private static MemorySegment copy(PtNDArray tensor, Arena memory) {
    MemorySegment cells = Torch.host(tensor);
    MemorySegment copy = memory.allocate(cells.byteSize(), Float.BYTES);
    return copy.copyFrom(cells);
  }

  /** What follows the last block, over the rows that are read only. */
  private void unembed(Torch.Scope plain, PtNDArray last) {
    if (taps.wants(Transformer.FINAL_SCALE)
        || taps.wants(Transformer.FINAL_NORMALIZED)
        || taps.wants(Transformer.FINAL_OUT)) {
      decoder.finalNorm(plain, last, taps);
    }
    if (taps.wants(HookPoint.LOGITS)) {
      readout.pass(HookPoint.LOGITS, (rows, how, memory) -> logits(plain, last, rows, memory));
    }
    if (taps.wants(HookPoint.LOG_PROB)) {
      readout.pass(HookPoint.LOG_PROB, (rows, how, memory) -> score(plain, last, rows, memory));
    }
  }

  private PtNDArray logits(Torch.Scope inner, PtNDArray last, int[] rows) {
    PtNDArray chosen = inner.call("take", last, inner.integers(rows));
    return decoder.logits(inner, decoder.finalNorm(inner, chosen, Taps.NONE));
  }

  private Readout.Values logits(
      Torch.Scope plain, PtNDArray last, RowSelection rows, Arena memory) {
    int width = spec.vocabulary();
    MemorySegment all = memory.allocate(Math.max(1L, (long) rows.size() * width) * 4, Float.BYTES);
    for (int from = 0; from < rows.size(); from += UNEMBEDDED_AT_ONCE) {
      int to = Math.min(from + UNEMBEDDED_AT_ONCE, rows.size());
      try (Torch.Scope inner = plain.inner()) {
        int[] chunk = Arrays.copyOfRange(rows.tokens(), from, to);
        MemorySegment cells = Torch.host(logits(inner, last, chunk));
        MemorySegment.copy(cells, 0, all, (long) from * width * 4, cells.byteSize());
      }
    }
    return new Readout.Values(all, width);
  }

  /** A row per target; it is predicted by the token before its position. */
  private Readout.Values score(Torch.Scope plain, PtNDArray last, RowSelection rows, Arena memory) {
    MemorySegment scores = memory.allocate(Math.max(1, rows.size()) * 4L, Float.BYTES);
    List<Integer> run = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      int place = rows.sequencePlace(row);
      int position = rows.target(row).position();
      if (position > readout.batch().skipped(place)) {
        run.add(row);
      } else {
        float known = prefixes.orElseThrow().logProbability(readout.batch().index(place), position);
        scores.setAtIndex(ValueLayout.JAVA_FLOAT, row, known);
      }
    }
    for (int from = 0; from < run.size(); from += UNEMBEDDED_AT_ONCE) {
      int to = Math.min(from + UNEMBEDDED_AT_ONCE, run.size());
      int[] chunk = run.subList(from, to).stream().mapToInt(Integer::intValue).toArray();
      score(plain, last, rows, chunk, scores);
    }
    return new Readout.Values(scores, 1);
  }

  private void score(
      Torch.Scope plain, PtNDArray last, RowSelection rows, int[] chunk, MemorySegment scores) {
    int[] before = Arrays.stream(chunk).map(rows::from).toArray();
    int[] distinct = Arrays.stream(before).sorted().distinct().toArray();
    int[] which = Arrays.stream(before).map(t -> Arrays.binarySearch(distinct, t)).toArray();
    int[] targets = Arrays.stream(chunk).map(row -> rows.target(row).token()).toArray();
    try (Torch.Scope inner = plain.inner()) {
      PtNDArray all = inner.call("log_probabilities", logits(inner, last, distinct));
      PtNDArray picked = inner.call("pick", all, inner.integers(which), inner.integers(targets));
      MemorySegment cells = Torch.host(picked);
      for (int i = 0; i < chunk.length; i++) {
        float value = cells.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        scores.setAtIndex(ValueLayout.JAVA_FLOAT, chunk[i], value);
        int sequence = readout.batch().index(rows.sequencePlace(chunk[i]));
        Sequence.Target target = rows.target(chunk[i]);
        prefixes.ifPresent(shared -> shared.know(sequence, target, value));
      }
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
