package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import dev.sonde.statistics.PValues;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often the test of an evaluation finds something where nothing is planted. */
class NullDistributionTest {
  private static final int SETS = 300;
  private static final int DRAWS = 59;
  private static final int ROWS_OF_A_GROUP = 3;
  private static final int WIDTH = 2;

  /** Three standard errors of a share of 0.05 in 300 data sets. */
  private static final double BAND = 0.038;

  @Test
  void labelsInsideGroupsHoldTheirLevel() {
    assertThat(found(24, false)).isCloseTo(0.05, within(BAND));
  }

  @Test
  void labelsOfWholeGroupsAreNotFoundMoreOftenThanTheirLevel() {
    assertThat(found(24, true)).isLessThan(0.05 + BAND);
  }

  /**
   * Folds are balanced on the observed labels and kept for exchanged ones, which they do not fit:
   * with ten groups p is far from uniform, on the safe side.
   */
  @Test
  void labelsOfFewWholeGroupsAreFoundTooRarely() {
    assertThat(found(10, true)).isLessThan(0.02);
  }

  /** The share of data sets with p of at most 0.05. */
  private static double found(int groups, boolean pure) {
    long found =
        IntStream.range(0, SETS).filter(set -> p(groups, pure, new Seeds(set)) <= 0.05).count();
    return found / (double) SETS;
  }

  private static double p(int groups, boolean pure, Seeds seeds) {
    int rows = groups * ROWS_OF_A_GROUP;
    List<String> names =
        IntStream.range(0, rows).mapToObj(row -> "g" + row / ROWS_OF_A_GROUP).toList();
    boolean[] positive = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      positive[row] = (pure ? row / ROWS_OF_A_GROUP : row) % 2 == 0;
    }
    Targets targets = Targets.binary(positive);
    Matrix features = features(rows, seeds.random("features"));
    CrossValidation folds =
        new CrossValidation(
            Folds.splits(Folds.grouped(names, targets, 5, seeds.random("folds"))),
            new PlainLinearAlgebra());
    Permutations permutations = new Permutations(targets, names);
    RandomGenerator random = seeds.random("permutations");
    List<Targets> labelings =
        IntStream.range(0, DRAWS).mapToObj(draw -> permutations.draw(random)).toList();
    NullDistribution test = new NullDistribution(folds, labelings);
    test.draw(
        Map.of("means", means()),
        List.of(features),
        DRAWS,
        new Attempts(List.of("means")),
        Progress.NONE);
    double observed = folds.heldOut(split -> features, means(), targets).merit().value();
    return PValues.of(observed, test.largest(List.of("means")));
  }

  /** Noise, of which rows of a group have a part in common. */
  private static Matrix features(int rows, RandomGenerator random) {
    Matrix features = Matrix.zeros(Matrix.Type.FLOAT32, rows, WIDTH);
    double[] common = new double[WIDTH];
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < WIDTH; c++) {
        common[c] = row % ROWS_OF_A_GROUP == 0 ? 0.7 * random.nextGaussian() : common[c];
        features.set(row, c, common[c] + random.nextGaussian());
      }
    }
    return features;
  }

  /** A difference of class means, without linear algebra. */
  private static Decoder means() {
    return (train, labels) -> {
      double[] difference = new double[train.columns()];
      double[] row = new double[train.columns()];
      for (int r = 0; r < train.rows(); r++) {
        train.copyRow(r, row);
        double weight =
            labels.positive(r)
                ? 1.0 / labels.positives()
                : -1.0 / (labels.size() - labels.positives());
        for (int c = 0; c < row.length; c++) {
          difference[c] += weight * row[c];
        }
      }
      return Scorer.linear(difference, 0);
    };
  }
}
