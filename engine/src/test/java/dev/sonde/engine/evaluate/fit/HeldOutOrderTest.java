package dev.sonde.engine.evaluate.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Standardised;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What follows from inner products of rows, against fits of each fold. */
class HeldOutOrderTest {
  private static final int WIDTH = 30;
  private static final PlainLinearAlgebra ALGEBRA = new PlainLinearAlgebra();
  private static final List<LinearForm> FORMS =
      List.of(
          LinearForm.shrunk(false, 0, 1, false),
          LinearForm.shrunk(false, 1, 1e-9, false),
          LinearForm.shrunk(true, 1, 1, false),
          LinearForm.shrunk(true, 0.9, 0.1, false));

  @Test
  void withFewerRowsThanFeaturesHeldOutRowsRankAsFittedWeightsRankThem() {
    assertAlike(35);
  }

  @Test
  void onTheOtherSideOfTheSwitchTheyDoAsWell() {
    assertAlike(2 * WIDTH);
  }

  private static void assertAlike(int rows) {
    Matrix features = features(rows);
    assertThat(HeldOutOrder.suits(features)).isTrue();
    List<Split> splits = splits(rows);
    List<Targets> labelings = labelings(rows, 40);
    for (LinearForm form : FORMS) {
      double[][] fitted =
          new CrossValidation(splits, ALGEBRA)
              .scores(split -> features, new Fitted(form), new Labelings(labelings));
      for (List<Targets> some : List.of(labelings, labelings.subList(0, 1))) {
        double[][] ordered = ordered(features, splits, form, some);
        for (int l = 0; l < some.size(); l++) {
          assertThat(new HeldOutScores(ordered[l], splits, some.get(l)).merit().value())
              .as("%s, labeling %d", form, l)
              .isCloseTo(
                  new HeldOutScores(fitted[l], splits, some.get(l)).merit().value(), within(1e-6));
        }
      }
    }
  }

  @Test
  void theAxisIsTurnedAsTheLabelsOfTheTrainingRowsAre() {
    Matrix features = features(35);
    for (int row = 0; row < 35; row++) {
      features.set(row, 4, row % 2 == 0 ? 2000 : -2000);
    }
    boolean[] even = new boolean[35];
    for (int row = 0; row < 35; row++) {
      even[row] = row % 2 == 0;
    }
    List<Split> splits = splits(35);
    Targets targets = Targets.binary(even);
    double[][] scores = ordered(features, splits, LinearForm.axis(), List.of(targets));
    assertThat(new HeldOutScores(scores[0], splits, targets).merit().value()).isEqualTo(1);
  }

  @Test
  void whatCannotBeFittedScoresNothing() {
    Matrix features = features(35);
    boolean[] one = new boolean[35];
    one[3] = true;
    List<Split> splits = splits(35);
    double[][] scores = ordered(features, splits, FORMS.getFirst(), List.of(Targets.binary(one)));
    assertThat(scores[0][3]).isZero();
    assertThat(scores[0][4]).isNotZero();
  }

  private static double[][] ordered(
      Matrix features, List<Split> splits, LinearForm form, List<Targets> labelings) {
    return new HeldOutOrder(features, ALGEBRA)
        .scores(splits, Map.of("form", form), LabelColumns.of(labelings))
        .getOrDefault("form", new double[0][]);
  }

  static Matrix features(int rows) {
    Random random = new Random(rows);
    Matrix features = Matrix.zeros(Matrix.Type.FLOAT32, rows, WIDTH);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < WIDTH; c++) {
        features.set(row, c, c + (1 + c % 3) * random.nextGaussian());
      }
      features.set(row, 7, 400 + 3 * random.nextGaussian() + (row == 11 ? 900 : 0));
    }
    return features;
  }

  static List<Split> splits(int rows) {
    return Folds.splits(IntStream.range(0, rows).map(row -> row % 5).toArray());
  }

  static List<Targets> labelings(int rows, int count) {
    Random random = new Random(5);
    List<Targets> all = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      boolean[] positive = new boolean[rows];
      for (int row = 0; row < rows; row++) {
        positive[row] = random.nextBoolean();
      }
      all.add(Targets.binary(positive));
    }
    return all;
  }

  /** The weights of a form, by covariance and slopes. */
  private record Fitted(LinearForm form) implements Decoder {
    @Override
    public Scorer fit(Design train, Targets targets) {
      return fitAll(train, List.of(targets)).getFirst();
    }

    @Override
    public List<Scorer> fitAll(Design train, List<Targets> many) {
      Standardised standardised = train.standardised();
      Design rows = form.standardised() ? standardised.rows() : train;
      Covariance covariance = rows.covariance();
      Matrix solved =
          form.scale() == 0
              ? rows.slopes(many).slopes()
              : covariance.solve(
                  form.scale(), form.shift() * covariance.meanVariance(), rows.slopes(many));
      List<Scorer> scorers = new ArrayList<>();
      for (int l = 0; l < many.size(); l++) {
        double[] weights = solved.column(l);
        scorers.add(
            form.standardised() ? standardised.linear(weights, 0) : Scorer.linear(weights, 0));
      }
      return scorers;
    }
  }
}
