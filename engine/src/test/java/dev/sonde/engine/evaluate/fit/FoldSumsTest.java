package dev.sonde.engine.evaluate.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Slopes;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What folds add up to, against the rows of a training side themselves. */
class FoldSumsTest {
  private static final int ROWS = 100;
  private static final PlainLinearAlgebra ALGEBRA = new PlainLinearAlgebra();

  private final Matrix features = HeldOutOrderTest.features(ROWS);
  private final List<Split> splits = HeldOutOrderTest.splits(ROWS);
  private final Split split = splits.get(2);
  private final FoldRows added =
      FoldRows.trainingRows(features, split, ALGEBRA, FoldSums.of(features, splits, ALGEBRA));
  private final FoldRows gathered = new FoldRows(features, split.train(), ALGEBRA);

  @Test
  void theSumsOfTheOtherFoldsGiveTheCovarianceOfATrainingSide() {
    assertAlike(added.covariance(), gathered.covariance(), 1e-10);
  }

  @Test
  void scalingThemGivesThatOfStandardisedRowsWhateverWasCut() {
    for (int row = 0; row < ROWS; row += 9) {
      features.set(row, row % 20, 3000 + row);
    }
    assertAlike(
        added.standardised().rows().covariance(),
        gathered.standardised().rows().covariance(),
        1e-6); // standardised rows are float32
  }

  @Test
  void slopesOfStandardisedRowsAreThoseOfTheRowsScaled() {
    features.set(3, 12, -5000);
    List<Targets> labels =
        HeldOutOrderTest.labelings(ROWS, 3).stream().map(t -> t.select(split.train())).toList();
    Slopes scaled = added.standardised().rows().slopes(labels);
    Slopes own = gathered.standardised().rows().slopes(labels);
    for (int c = 0; c < features.columns(); c++) {
      for (int l = 0; l < labels.size(); l++) {
        assertThat(scaled.slopes().get(c, l))
            .isCloseTo(own.slopes().get(c, l), within(1e-4)); // float32 sums of values around 400
      }
    }
  }

  @Test
  void standardisedRowsThatWereNotMadeReadAsThoseThatWere() {
    Design lazy = added.standardised().rows();
    Design made = gathered.standardised().rows();
    double[] one = new double[features.columns()];
    double[] other = new double[features.columns()];
    lazy.copyRow(9, one);
    made.copyRow(9, other);
    for (int c = 0; c < one.length; c++) {
      assertThat(one[c]).isCloseTo(other[c], within(1e-6));
    }
  }

  @Test
  void trainingSidesThatAreNotTheOtherFoldsAreLeftAlone() {
    List<Split> apart =
        List.of(splits.get(0), splits.get(1), new Split(splits.get(2).train(), new int[] {2, 7}));
    assertThat(FoldSums.of(features, apart, ALGEBRA)).isEmpty();
    assertThat(FoldSums.of(features, splits.subList(0, 2), ALGEBRA)).isEmpty();
    assertThat(FoldSums.of(HeldOutOrderTest.features(35), HeldOutOrderTest.splits(35), ALGEBRA))
        .isEmpty();
  }

  private static void assertAlike(Covariance some, Covariance other, double tolerance) {
    double unit = other.meanVariance();
    assertThat(some.trace()).isCloseTo(other.trace(), within(tolerance * other.trace()));
    for (int c = 0; c < some.mean().length; c++) {
      int column = c;
      double[] axis =
          IntStream.range(0, some.mean().length).mapToDouble(i -> i == column ? 1 : 0).toArray();
      double[] one = some.times(axis);
      double[] two = other.times(axis);
      assertThat(some.mean()[c]).isCloseTo(other.mean()[c], within(1e-6 + tolerance));
      for (int i = 0; i < one.length; i++) {
        assertThat(one[i]).isCloseTo(two[i], within(tolerance * (unit + Math.abs(two[i])) * 10));
      }
    }
  }
}
