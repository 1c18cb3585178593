package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Partitions;
import dev.sonde.engine.evaluate.fit.Question;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.PValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * How often the test of an evaluation finds something: at most at its level where nothing is
 * planted, nearly always where something is.
 */
class NullDistributionTest {
  private static final int SETS = 100;
  private static final int DRAWS = 39;
  private static final int ROWS_OF_A_GROUP = 6;
  private static final int WIDTH = 2;

  /** Three standard errors of a share of 0.05 in 100 data sets. */
  private static final double BAND = 0.065;

  /** How the labels of a row follow from its group: every other group is mostly positive. */
  private enum Design {
    /** All rows of a group alike. */
    PURE,
    /** All but one. */
    ODD_ROW,
    /** About 15 in a hundred rows otherwise. */
    MISLABELLED,
    /** Half of each group. */
    INSIDE;

    boolean positive(int group, int place, RandomGenerator random) {
      boolean ofGroup = group % 2 == 0;
      return switch (this) {
        case PURE -> ofGroup;
        case ODD_ROW -> ofGroup != (place == 2);
        case MISLABELLED -> ofGroup != (random.nextDouble() < 0.15);
        case INSIDE -> place % 2 == 0;
      };
    }
  }

  @Test
  void noiseIsFoundNoMoreOftenThanTheLevelSaysInAnyDesign() {
    for (Design design : Design.values()) {
      assertThat(found(12, design, 0, false, Question.ALL))
          .as("%s", design)
          .isLessThan(0.05 + BAND);
    }
  }

  @Test
  void whatGroupsHaveInCommonIsFoundWhateverOddRowsTheyHold() {
    for (Design design : List.of(Design.PURE, Design.ODD_ROW, Design.MISLABELLED)) {
      assertThat(found(24, design, 2, true, Question.ALL)).as("%s", design).isGreaterThan(0.85);
    }
  }

  @Test
  void aSignalOfTwelveWholeGroupsIsFoundMoreOftenThanNot() {
    assertThat(found(12, Design.PURE, 2, true, Question.ALL)).isGreaterThan(0.6);
  }

  @Test
  void rowsThatAreToldApartInsideGroupsAreFound() {
    assertThat(found(12, Design.INSIDE, 1.5, false, Question.ALL)).isGreaterThan(0.9);
    assertThat(found(24, Design.MISLABELLED, 1.5, false, Question.INSIDE)).isGreaterThan(0.8);
  }

  @Test
  void aSignalOfGroupsAloneIsNoneInsideThem() {
    assertThat(found(24, Design.MISLABELLED, 2, true, Question.BETWEEN)).isGreaterThan(0.85);
    assertThat(found(24, Design.MISLABELLED, 2, true, Question.INSIDE))
        .isCloseTo(0.05, within(BAND));
  }

  /** The share of data sets with p of at most 0.05. */
  private static double found(
      int groups, Design design, double shift, boolean ofGroups, Question question) {
    long found =
        IntStream.range(0, SETS)
            .filter(set -> p(groups, design, shift, ofGroups, question, new Seeds(set)) <= 0.05)
            .count();
    return found / (double) SETS;
  }

  private static double p(
      int groups, Design design, double shift, boolean ofGroups, Question question, Seeds seeds) {
    RandomGenerator random = seeds.random("rows");
    int rows = groups * ROWS_OF_A_GROUP;
    List<String> names =
        IntStream.range(0, rows).mapToObj(row -> "g" + row / ROWS_OF_A_GROUP).toList();
    boolean[] positive = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      positive[row] = design.positive(row / ROWS_OF_A_GROUP, row % ROWS_OF_A_GROUP, random);
    }
    Targets targets = Targets.binary(positive);
    Matrix features = Matrix.zeros(Matrix.Type.FLOAT32, rows, WIDTH);
    double[] common = new double[WIDTH];
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < WIDTH; c++) {
        common[c] = row % ROWS_OF_A_GROUP == 0 ? 0.7 * random.nextGaussian() : common[c];
        boolean up = ofGroups ? row / ROWS_OF_A_GROUP % 2 == 0 : positive[row];
        features.set(row, c, common[c] + random.nextGaussian() + (up && c == 0 ? shift : 0));
      }
    }
    double[] reached = reached(targets, names, features, question, seeds);
    return PValues.of(reached[0], Arrays.copyOfRange(reached, 1, reached.length));
  }

  private static double[] reached(
      Targets targets, List<String> names, Matrix features, Question question, Seeds seeds) {
    Permutations permutations = new Permutations(targets, names);
    RandomGenerator random = seeds.random("permutations");
    List<Targets> labelings = new ArrayList<>(List.of(targets));
    for (int draw = 0; draw < DRAWS; draw++) {
      labelings.add(
          question == Question.INSIDE
              ? permutations.drawInside(random)
              : permutations.draw(random));
    }
    List<CrossValidation> partitions =
        Partitions.of(names, 5, seeds).stream()
            .map(splits -> new CrossValidation(splits, new PlainLinearAlgebra()))
            .toList();
    NullDistribution test =
        new NullDistribution(partitions, labelings, Groups.of(names), List.of(question));
    NullDistribution.draw(
        List.of(test),
        Map.of("means", means()),
        List.of(features),
        new Attempts(List.of("means")),
        new PlainLinearAlgebra(),
        Progress.NONE);
    return test.largest(question, List.of("means"));
  }

  /** A difference of class means, without linear algebra. */
  private static Decoder means() {
    return (train, labels) -> {
      double[] difference = new double[train.columns()];
      double[] row = new double[train.columns()];
      double positives = labels.positives();
      for (int r = 0; r < train.rows(); r++) {
        train.copyRow(r, row);
        double weight = labels.positive(r) ? 1 / positives : -1 / (labels.size() - positives);
        for (int c = 0; c < row.length; c++) {
          difference[c] += weight * row[c];
        }
      }
      return Scorer.linear(difference, 0);
    };
  }
}
