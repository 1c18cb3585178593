package dev.sonde.engine.store;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.formats.ContentHash;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The activations of one model over one list of token rows. What is missing in the store is
 * captured in one pass over all of it; what is there is not touched. Rows are cut into chunks, each
 * a request of its own, so that an interrupted capture goes on where it stopped and the batches of
 * one chunk do not depend on another.
 */
public final class Capture {
  private static final int CHUNK_ROWS = 1024;

  private final ActivationStore store;
  private final OpenModel model;
  private final List<Chunk> chunks;

  /** Some consecutive rows, named by the hash of their tokens. */
  private record Chunk(String hash, List<int[]> tokens) {}

  /** How far a capture is. */
  public interface Progress {
    /** Called before and after each chunk. */
    void captured(long rowsDone, long rowsTotal);
  }

  /** A capture; nothing is run yet. */
  public Capture(ActivationStore store, OpenModel model, List<int[]> tokens) {
    this.store = store;
    this.model = model;
    this.chunks = chunks(tokens);
  }

  private static List<Chunk> chunks(List<int[]> tokens) {
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < tokens.size(); from += CHUNK_ROWS) {
      List<int[]> part = tokens.subList(from, Math.min(from + CHUNK_ROWS, tokens.size()));
      chunks.add(new Chunk(ContentHash.of(part).substring(0, 32), part));
    }
    return chunks;
  }

  /** What is still to be computed for some reads, if all that is stored is sound. */
  public Missing missing(List<Read> reads) {
    List<Missing.Request> requests = new ArrayList<>();
    for (Chunk chunk : chunks) {
      List<Read> missing =
          reads.stream().filter(r -> !store.has(key(r), chunk.hash())).distinct().toList();
      if (!missing.isEmpty()) {
        requests.add(new Missing.Request(chunk.tokens(), missing));
      }
    }
    return new Missing(requests);
  }

  /**
   * What a capture would run.
   *
   * @param requests forward requests, one after the other
   */
  public record Missing(List<Request> requests) {
    /** What is missing, its list copied. */
    public Missing {
      requests = List.copyOf(requests);
    }

    /**
     * One forward request.
     *
     * @param tokens its sequences
     * @param reads what it reads
     */
    public record Request(List<int[]> tokens, List<Read> reads) {}

    /** Sequences in all requests. */
    public long rows() {
      return requests.stream().mapToLong(request -> request.tokens().size()).sum();
    }

    /** Tokens in all requests. */
    public long tokens() {
      return requests.stream()
          .flatMap(request -> request.tokens().stream())
          .mapToLong(row -> row.length)
          .sum();
    }
  }

  /**
   * Whether {@link #matrix} is a file of the store as it is mapped, and so takes no memory of its
   * own; else it is copied together.
   */
  public boolean isMapped() {
    return chunks.size() == 1;
  }

  private boolean isSound(Read read, Chunk chunk) {
    long rows = RowLayout.of(read, chunk.tokens()).rows();
    return store.isSound(key(read), chunk.hash(), rows);
  }

  /**
   * Captures what is missing of some reads, or stored but damaged.
   *
   * @return what was captured
   */
  public Missing ensure(List<Read> reads, Progress progress) {
    Map<Chunk, List<Read>> missing = new LinkedHashMap<>();
    for (Chunk chunk : chunks) {
      List<Read> unsound = reads.stream().distinct().filter(r -> !isSound(r, chunk)).toList();
      if (!unsound.isEmpty()) {
        missing.put(chunk, unsound);
      }
    }
    List<Missing.Request> requests = new ArrayList<>();
    missing.forEach((chunk, of) -> requests.add(new Missing.Request(chunk.tokens(), of)));
    Missing captured = new Missing(requests);
    long done = 0;
    try (Finishing finishing = new Finishing(store)) {
      for (Map.Entry<Chunk, List<Read>> each : missing.entrySet()) {
        progress.captured(done, captured.rows());
        finishing.begin(capture(each.getKey(), each.getValue()));
        done += each.getKey().tokens().size();
        progress.captured(done, captured.rows());
      }
    }
    return captured;
  }

  /** Writers that are filled. */
  private Collection<RowWriter> capture(Chunk chunk, List<Read> reads) {
    List<Sequence> sequences = chunk.tokens().stream().map(Sequence::of).toList();
    ForwardRequest request = ForwardRequest.of(sequences).readEach(reads).build();
    Map<Read, RowWriter> writers = new HashMap<>();
    try (ActivationStream stream = model.forward(request)) {
      while (stream.next()) {
        for (Rows rows : stream.batch().rows()) {
          writers.computeIfAbsent(rows.read(), read -> writer(chunk, rows)).accept(rows);
        }
      }
      return writers.values();
    } catch (Throwable e) { // a backend's error as well leaves nothing behind
      writers.values().forEach(RowWriter::close);
      throw e;
    }
  }

  private RowWriter writer(Chunk chunk, Rows rows) {
    RowLayout layout = RowLayout.of(rows.read(), chunk.tokens());
    return store.writer(key(rows.read()), chunk.hash(), layout, rows.width());
  }

  /** The stored rows of a read, in the order of the token rows. */
  public Matrix matrix(Read read) {
    return stored(read, chunks);
  }

  /** The width of the stored rows of a read. */
  public int width(Read read) {
    return stored(read, List.of(chunks.getFirst())).columns();
  }

  /** Copies the stored rows of a read, chunk by chunk, so that memory does not grow with them. */
  public void copyTo(Read read, MemorySegment target) {
    long offset = 0;
    for (Chunk chunk : chunks) {
      MemorySegment rows = stored(read, List.of(chunk)).segment();
      MemorySegment.copy(rows, 0, target, offset, rows.byteSize());
      offset += rows.byteSize();
    }
  }

  private Matrix stored(Read read, List<Chunk> parts) {
    for (Chunk part : parts) {
      if (!isSound(read, part)) {
        throw new InvalidInputException(
            "the stored rows of %s are gone or damaged; run again to compute them".formatted(read));
      }
    }
    return store.read(key(read), parts.stream().map(Chunk::hash).toList());
  }

  private StoreKey key(Read read) {
    ModelInfo info = model.info();
    String backend =
        "%s/%s %s".formatted(model.plugin().id(), model.backendName(), model.plugin().version());
    return new StoreKey(info.contentHash(), backend, info.dtype(), read);
  }
}
