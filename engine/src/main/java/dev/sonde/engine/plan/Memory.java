package dev.sonde.engine.plan;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.probe.Needs;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.ProbeNeeds;
import dev.sonde.engine.pass.TokenRows;
import dev.sonde.engine.store.StoredPass;
import java.util.List;

/**
 * Memory that one probe takes, in bytes, outside the heap where nothing else is said.
 *
 * @param probe its name
 * @param points number of reads
 * @param matrices all rows of all its reads
 * @param mapped whether these are mapped from the store, and so take no memory of their own
 * @param evaluation what the evaluation of its decoders adds
 * @param heap what that takes of the Java heap
 * @param own what the probe says that it holds itself
 * @param less what can be changed where it is too much
 */
public record Memory(
    String probe,
    int points,
    long matrices,
    boolean mapped,
    long evaluation,
    long heap,
    long own,
    String less) {
  /** What a user can change where activations take too much. */
  public static final String LESS =
      "read fewer layers (probes.NAME.with.read), read one token of each prompt (tokens: last), or"
          + " fewer prompts (data.limit)";

  /**
   * What folds keep of the widest hook point: the rows of five training sides as they are and
   * standardised, of which each is four fifths; those of four inner ones; and the test sides.
   */
  private static final int GATHERED = 16;

  /** The inner products of rows or features, those of the training side, their Cholesky factor. */
  private static final int SQUARES = 3;

  /** Numbers of every row that the heap holds for each decoder at each hook point. */
  private static final int SCORES = 3;

  /** What a token's words and runs of three characters take on the heap, with their weights. */
  private static final int TOKEN_OF_TEXT = 64;

  /** A row's id, group and text, and their places in maps. */
  private static final int ROW = 1024;

  /** Labelings that are drawn at once, and labels of all of them. */
  private static final int LABELINGS = 256;

  private static final long LABELS = 1L << 22;

  /** What a label that is drawn takes: itself, its coefficient, its score. */
  private static final int LABEL = 4 * Double.BYTES;

  /** What a probe needs of a pass. */
  public static Memory of(ProbeNeeds probe, StoredPass stored) {
    Pass pass = stored.pass();
    ModelInfo info = pass.model().info();
    List<int[]> tokens = pass.rows().ids();
    List<Read> reads = probe.reads(pass.role());
    Needs needs = probe.needs();
    long all = reads.stream().mapToLong(read -> Cost.bytes(info, read, tokens)).sum();
    long widest = reads.stream().mapToLong(read -> Cost.bytes(info, read, tokens)).max().orElse(0);
    long side =
        Math.min(
            tokens.size(),
            reads.stream().mapToLong(read -> Cost.width(info, read)).max().orElse(0));
    long square = side * side * Double.BYTES;
    long evaluation = probe.evaluates() ? GATHERED * widest + SQUARES * square : 0;
    return new Memory(
        probe.probe(),
        reads.size(),
        all,
        stored.isMapped(),
        evaluation,
        probe.evaluates() ? heap(pass.rows(), reads.size(), decoders(needs)) : 0,
        needs.memory(),
        needs.lessMemory().isEmpty() ? LESS : needs.lessMemory());
  }

  private static int decoders(Needs needs) {
    return needs.evaluations().stream().mapToInt(spec -> spec.decoders().size()).sum();
  }

  private static long heap(TokenRows rows, long points, long decoders) {
    return rows.ids().size() * (SCORES * points * decoders * Double.BYTES + ROW)
        + rows.tokens() * TOKEN_OF_TEXT
        + LABEL * Math.min(LABELS, (long) LABELINGS * rows.ids().size());
  }

  /** Bytes that must be free. */
  public long needed() {
    return (mapped ? 0 : matrices) + evaluation + own;
  }
}
