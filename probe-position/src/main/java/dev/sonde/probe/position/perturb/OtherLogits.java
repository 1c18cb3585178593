package dev.sonde.probe.position.perturb;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.probe.position.estimate.Additive;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.estimate.AxisFits;
import dev.sonde.probe.position.estimate.Logits;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.RotationTable;
import java.util.List;
import java.util.stream.IntStream;

/** What stands in place of one head's logits, the first tokens' left as they are. */
interface OtherLogits {
  /**
   * Changes them.
   *
   * @param rotations of all tokens
   * @param text its index in the shard
   * @param logits {@code [tokens, tokens]}, as they are
   * @param q queries of all tokens
   * @param k keys of all tokens
   */
  void change(
      AttentionBlock block,
      RotationTable rotations,
      int text,
      float[] logits,
      PlaneRows q,
      PlaneRows k);

  /**
   * A substitute.
   *
   * @param fits of the blocks
   * @param first tokens whose logits stay
   * @param shuffles per text, an order of its keys
   */
  static OtherLogits of(
      Substitute substitute,
      LinearAlgebra algebra,
      AxisFits fits,
      int first,
      List<int[]> shuffles) {
    return switch (substitute) {
      case EXACT -> (block, at, text, logits, q, k) -> {};
      case UNIFORM ->
          (block, at, text, logits, q, k) ->
              block.pairs().put(new double[block.pairs().count()], logits, first);
      case E1 ->
          (block, at, text, logits, q, k) -> {
            double[] cells = block.additiveByAxes(algebra, fits, q.from(first), k.from(first));
            block.pairs().put(cells, logits, first);
          };
      case E3, E4, F, G, SHUFFLED ->
          (block, at, text, logits, q, k) -> {
            int[] order = shuffles.get(text);
            if (substitute != Substitute.SHUFFLED) {
              order = IntStream.range(0, order.length).toArray();
            }
            double[] cells =
                block.additive(
                    algebra, form(substitute, block), q.from(first), k.from(first), order);
            block.pairs().put(cells, logits, first);
          };
    };
  }

  private static Additive form(Substitute substitute, AttentionBlock block) {
    return switch (substitute) {
      case E4 -> block.features();
      case F -> block.dummy().positionAlone();
      case G -> block.dummy().contentAlone();
      default -> block.dummy();
    };
  }

  /** All keys but a query's own farther away by some tokens. */
  static OtherLogits shifted(LinearAlgebra algebra, int by) {
    return (block, at, text, logits, q, k) -> {
      PlaneRows turned = at.turnedBy(q, by);
      float[] far = Logits.floats(Logits.all(algebra, at, block.scale(), turned, k));
      int tokens = q.tokens();
      for (int i = 0; i < tokens; i++) {
        System.arraycopy(far, i * tokens, logits, i * tokens, i);
      }
    };
  }

  /**
   * Distances off by some tokens.
   *
   * @param offsets per text and cell {@code [tokens, tokens]}, by how many
   */
  static OtherLogits jitter(List<int[]> offsets) {
    return (block, at, text, logits, q, k) -> {
      int tokens = q.tokens();
      int[] own = offsets.get(text);
      for (int i = 0; i < tokens; i++) {
        for (int j = 0; j <= i; j++) {
          int offset = own[i * tokens + j];
          if (offset != 0) {
            int distance = Math.clamp(i - j + offset, 0, tokens - 1);
            logits[i * tokens + j] = (float) (block.scale() * Logits.at(at, distance, q, i, k, j));
          }
        }
      }
    };
  }
}
