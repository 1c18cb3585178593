package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.erase.Eraser;
import dev.sonde.engine.evaluate.erase.EraserRows;
import dev.sonde.engine.evaluate.erase.Erasure;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The groups of each training side in two halves: erasers are fitted to one, decoders to the other,
 * and the other way round. What is held out is seen by neither.
 */
final class EraserHalves {
  private final Matrix features;
  private final LinearAlgebra algebra;
  private final List<Way> ways;

  /** Which rows erasers are fitted to, of each split whose training side decoders are fitted to. */
  private record Way(List<Split> splits, Map<Split, int[]> rows, Map<Split, EraserRows> shared) {}

  private EraserHalves(Matrix features, LinearAlgebra algebra, List<Way> ways) {
    this.features = features;
    this.algebra = algebra;
    this.ways = ways;
  }

  /** The halves of the outer splits of a run. */
  static EraserHalves of(EvaluationRun run, Matrix features) {
    List<Way> ways = new ArrayList<>();
    for (int way = 0; way < 2; way++) {
      ways.add(new Way(new ArrayList<>(), new IdentityHashMap<>(), new IdentityHashMap<>()));
    }
    List<Split> outer = run.outer().splits();
    for (int s = 0; s < outer.size(); s++) {
      int[] train = outer.get(s).train();
      List<String> groups = Arrays.stream(train).mapToObj(run.groups()::get).toList();
      int[] halves = Folds.grouped(groups, 2, run.seeds().random("halves for erasing " + s));
      List<Split> parted = Folds.within(train, Folds.splits(halves));
      for (int way = 0; way < Math.min(2, parted.size()); way++) {
        Split split = new Split(parted.get(way).train(), outer.get(s).test());
        ways.get(way).splits().add(split);
        ways.get(way).rows().put(split, parted.get(way).test());
      }
    }
    return new EraserHalves(features, run.algebra(), ways);
  }

  /** Cross-validations on features as they are, one for each way round. */
  List<CrossValidation> untouched() {
    return ways.stream().map(way -> new CrossValidation(way.splits(), algebra)).toList();
  }

  /**
   * Features with a label erased.
   *
   * @param validations in which decoders see them, one for each way round
   * @param changed the share of the sum of squares around the mean that is subtracted, of held-out
   *     rows
   */
  record Erased(List<CrossValidation> validations, double changed) {}

  /** Erases some labels, which need not be those that decoders are fitted to. */
  Erased erased(Eraser eraser, Targets labels) {
    List<CrossValidation> validations = new ArrayList<>();
    double changed = 0;
    int splits = 0;
    for (Way way : ways) {
      Map<Split, Erasure> fitted = new IdentityHashMap<>();
      for (Split split : way.splits()) {
        int[] rows = Objects.requireNonNull(way.rows().get(split), "rows of an eraser");
        EraserRows shared =
            way.shared().computeIfAbsent(split, s -> EraserRows.of(features, rows, algebra));
        Erasure erasure = eraser.fit(shared, labels.select(rows));
        fitted.put(split, erasure);
        changed += erasure.changed(features, split.test());
        splits++;
      }
      validations.add(
          new CrossValidation(
              way.splits(),
              algebra,
              (some, split) -> Objects.requireNonNull(fitted.get(split), "an erasure").of(some)));
    }
    return new Erased(validations, changed / splits);
  }

  /** What a decoder reaches on held-out rows, the mean over both ways round. */
  Measure measure(List<CrossValidation> validations, Decoder decoder, Targets targets) {
    return Measure.pooled(
        validations.stream()
            .map(one -> one.heldOut(split -> features, decoder, targets).merit())
            .toList(),
        targets.size());
  }
}
