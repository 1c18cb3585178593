package dev.sonde.engine.plan;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.probe.Needs;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.ProbeNeeds;
import dev.sonde.engine.store.StoredPass;
import java.util.List;

/**
 * Memory outside the heap that one probe takes, in bytes.
 *
 * @param probe its name
 * @param points number of reads
 * @param matrices all rows of all its reads
 * @param mapped whether these are mapped from the store, and so take no memory of their own
 * @param evaluation what the evaluation of its decoders adds
 * @param own what the probe says that it holds itself
 * @param less what can be changed where it is too much
 */
public record Memory(
    String probe,
    int points,
    long matrices,
    boolean mapped,
    long evaluation,
    long own,
    String less) {
  /** What a user can change where activations take too much. */
  public static final String LESS =
      "read fewer layers (probes.NAME.with.read), read one token of each prompt (tokens: last), or"
          + " fewer prompts (data.limit)";

  /** An outer fold and an inner one gather their rows at the same time. */
  private static final int GATHERED = 2;

  /** The inner products of all rows, those of the training side, and their Cholesky factor. */
  private static final int SQUARES = 3;

  /** What a probe needs of a pass. */
  public static Memory of(ProbeNeeds probe, StoredPass stored) {
    Pass pass = stored.pass();
    ModelInfo info = pass.model().info();
    List<int[]> tokens = pass.rows().ids();
    List<Read> reads = probe.reads(pass.role());
    Needs needs = probe.needs();
    long all = reads.stream().mapToLong(read -> Cost.bytes(info, read, tokens)).sum();
    long widest = reads.stream().mapToLong(read -> Cost.bytes(info, read, tokens)).max().orElse(0);
    long square = (long) tokens.size() * tokens.size() * Double.BYTES;
    long evaluation = probe.evaluates() ? GATHERED * widest + SQUARES * square : 0;
    return new Memory(
        probe.probe(),
        reads.size(),
        all,
        stored.isMapped(),
        evaluation,
        needs.memory(),
        needs.lessMemory().isEmpty() ? LESS : needs.lessMemory());
  }

  /** Bytes that must be free. */
  public long needed() {
    return (mapped ? 0 : matrices) + evaluation + own;
  }
}
