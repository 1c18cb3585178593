package dev.sonde.probe.position.perturb;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.position.estimate.Additive;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.estimate.Logits;
import dev.sonde.probe.position.read.HeadStream;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.RotationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Other scores in place of a running model's, in all blocks: those of a block are made of the
 * queries and keys it has when the blocks before it ran on other scores already. So blocks are done
 * one after the other, each by a pass up to the next, which begins with what the one before gave.
 */
public final class Substitution {
  private final Model model;
  private final LinearAlgebra algebra;
  private final List<AttentionBlock> blocks;
  private final List<RotationTable> rotations;
  private final int first;

  /**
   * A substitution.
   *
   * @param first tokens whose logits stay as they are
   */
  Substitution(
      Model model, LinearAlgebra algebra, List<AttentionBlock> blocks, int first, int tokens) {
    this.model = model;
    this.algebra = algebra;
    this.blocks = blocks;
    this.rotations =
        blocks.stream().map(block -> new RotationTable(block.planes(), tokens)).toList();
    this.first = first;
  }

  /** What stands in place of one head's logits. */
  interface Other {
    /**
     * Changes them.
     *
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
  }

  /** Sequences whose scores are others in every block. */
  List<Sequence> sequences(List<int[]> texts, Other other) {
    List<List<Intervention>> changes = new ArrayList<>();
    texts.forEach(text -> changes.add(List.of()));
    for (int layer = 0; layer < blocks.size(); layer++) {
      int block = layer;
      List<HookPoint> points = new ArrayList<>(HeadStream.points(layer));
      if (layer > 0) {
        points.add(HookPoint.of(layer - 1, HookPoint.RESID_POST));
      }
      HeadStream.run(
          model,
          sequences(texts, changes, false),
          List.of(points),
          (group, text, rows) -> {
            Intervention scores = scores(block, text, rows.get(0), rows.get(1), other);
            changes.set(text, block == 0 ? List.of(scores) : List.of(patch(block, rows), scores));
          });
    }
    return sequences(texts, changes, true);
  }

  /** What the blocks before gave, in place of what they would give by their own scores. */
  private static Intervention patch(int block, List<float[]> rows) {
    HookPoint before = HookPoint.of(block - 1, HookPoint.RESID_POST);
    return Intervention.patch(before, Selector.all(), rows.getLast());
  }

  private static List<Sequence> sequences(
      List<int[]> texts, List<List<Intervention>> changes, boolean scored) {
    List<Sequence> sequences = new ArrayList<>();
    for (int text = 0; text < texts.size(); text++) {
      Sequence sequence = Sequence.of(texts.get(text)).intervene(changes.get(text));
      sequences.add(scored ? sequence.scoreFrom(1) : sequence);
    }
    return sequences;
  }

  private Intervention scores(int layer, int text, float[] q, float[] k, Other other) {
    ModelInfo info = model.info();
    AttentionBlock block = blocks.get(layer);
    int tokens = rotations.get(layer).tokens();
    float[] scores = new float[info.heads() * tokens * tokens];
    for (int head = 0; head < info.heads(); head++) {
      PlaneRows queries = HeadStream.head(block.planes(), q, info.heads(), head, 0);
      PlaneRows keys =
          HeadStream.head(
              block.planes(), k, info.keyValueHeads(), HeadStream.keyHead(info, head), 0);
      Matrix all = Logits.all(algebra, rotations.get(layer), block.scale(), queries, keys);
      float[] logits = Logits.floats(all);
      other.change(block, rotations.get(layer), text, logits, queries, keys);
      for (int cell = 0; cell < logits.length; cell++) {
        scores[head * logits.length + cell] = (float) Logits.capped(logits[cell], block.cap());
      }
    }
    return Intervention.replaceScores(HookPoint.of(layer, HookPoint.SCORES), scores);
  }

  /** The logits themselves: what substituting costs by itself. */
  Other exact() {
    return (block, at, text, logits, q, k) -> {};
  }

  /**
   * f + g in place of the logits, or one of them.
   *
   * @param form of a block
   * @param order per text, whose content each key has in g
   */
  Other additive(Function<AttentionBlock, Additive> form, List<int[]> order) {
    return (block, at, text, logits, q, k) -> {
      double[] cells =
          block.additive(algebra, form.apply(block), q.from(first), k.from(first), order.get(text));
      block.pairs().put(cells, logits, first);
    };
  }

  /** 0 in place of the logits: every key that is looked at gets the same attention. */
  Other uniform() {
    return (block, at, text, logits, q, k) ->
        block.pairs().put(new double[block.pairs().count()], logits, first);
  }

  /**
   * Distances off by some tokens.
   *
   * @param offsets per text and cell {@code [tokens, tokens]}, by how many
   */
  Other jitter(List<int[]> offsets) {
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
