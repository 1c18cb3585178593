package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Ours against other implementations, on rows with ties and weights. */
class ReferenceTest {
  private static final Offset<Double> ROUNDING = within(1e-12);

  private final double[] x = Recorded.numbers("x");
  private final double[] y = Recorded.numbers("y");
  private final double[] weights = Recorded.numbers("weights");
  private final boolean[] positive = Recorded.flags("positive");

  @Test
  void quantilesAreThoseOfNumPy() {
    double[] shares = Recorded.numbers("shares");
    assertThat(Quantiles.of(x, shares)).containsExactly(Recorded.numbers("quantiles"), ROUNDING);
  }

  @Test
  void weightedQuantilesAreThoseOfRepeatedValues() {
    double[] shares = Recorded.numbers("shares");
    int[] order = Ranks.ascending(x);
    double[] ascending = Arrays.stream(order).mapToDouble(i -> x[i]).toArray();
    double[] sorted = Arrays.stream(order).mapToDouble(i -> weights[i]).toArray();
    assertThat(Arrays.stream(shares).map(s -> Quantiles.weighted(ascending, sorted, s)).toArray())
        .containsExactly(Recorded.numbers("quantiles of repeated"), ROUNDING);
  }

  @Test
  void ranksAndCorrelationsAreThoseOfSciPy() {
    assertThat(Ranks.of(x)).containsExactly(Recorded.numbers("ranks"));
    assertThat(Correlation.pearson(x, y)).isCloseTo(Recorded.number("pearson"), ROUNDING);
    assertThat(Correlation.spearman(x, y)).isCloseTo(Recorded.number("spearman"), ROUNDING);
  }

  @Test
  void weightedCorrelationsAreThoseOfRepeatedRows() {
    assertThat(Correlation.ofValues(x, y).of(weights))
        .isCloseTo(Recorded.number("weighted pearson"), ROUNDING);
    assertThat(Correlation.ofRanks(x, y).of(weights))
        .isCloseTo(Recorded.number("weighted spearman"), ROUNDING);
  }

  @Test
  void aurocsAreThoseOfScikitLearn() {
    assertThat(Auroc.count(x, positive).auroc()).isCloseTo(Recorded.number("auroc"), ROUNDING);
    assertThat(Auroc.of(x, positive).pairs(weights).auroc())
        .isCloseTo(Recorded.number("weighted auroc"), ROUNDING);
  }

  @Test
  void intervalsOfSharesAndHolmsCorrectionAreThoseOfStatsmodels() {
    double[][] wilson = Recorded.rows("wilson", 4);
    int[][] shares = {{38, 40}, {0, 7}, {40, 40}, {1, 3}};
    for (int i = 0; i < shares.length; i++) {
      Interval interval = Interval.ofShare(shares[i][0], shares[i][1]);
      assertThat(interval.low()).isCloseTo(wilson[i][0], ROUNDING);
      assertThat(interval.high()).isCloseTo(wilson[i][1], ROUNDING);
    }
    assertThat(PValues.holm(Recorded.numbers("ps")))
        .containsExactly(Recorded.numbers("holm"), ROUNDING);
  }

  @Test
  void exactSignFlipsAreThoseOfSciPy() {
    double[] differences = Recorded.numbers("differences");
    SignFlips test =
        SignFlips.of(differences, Groups.ofSingleRows(differences.length), 1024, new Random(1));
    assertThat(test.exact()).isTrue();
    assertThat(test.p()).isCloseTo(Recorded.number("sign flips"), ROUNDING);
  }

  @Test
  void ridgeIsThatOfScikitLearn() {
    double[][] train = Recorded.rows("train", 12);
    double[][] test = Recorded.rows("test", 4);
    double[] predicted =
        RidgePath.predict(
            new Dense(train),
            new Dense(test),
            Recorded.numbers("targets"),
            Recorded.number("penalty"))[0];
    assertThat(predicted).containsExactly(Recorded.numbers("ridge"), within(1e-8));
  }

  @Test
  void wordWeightsAreThoseOfScikitLearn() {
    List<String> texts =
        List.of(
            "the sum of two and two",
            "the year of the king",
            "two kings and the sum of all years",
            "a sum");
    List<Map<String, Integer>> counts = new ArrayList<>();
    for (String text : texts) {
      Map<String, Integer> words = new HashMap<>();
      for (String word : text.split(" ")) {
        words.merge(word, 1, Integer::sum);
      }
      counts.add(words);
    }
    TfIdf weights = TfIdf.of(counts.subList(0, 3));
    List<String> words = Recorded.words("words");
    for (int row = 0; row < texts.size(); row++) {
      TfIdf.Vector vector = weights.vector(counts.get(row));
      double[] dense = new double[words.size()];
      for (int i = 0; i < vector.columns().length; i++) {
        dense[words.indexOf(weights.terms().get(vector.columns()[i]))] = vector.weights()[i];
      }
      assertThat(dense).containsExactly(Recorded.numbers("tfidf " + texts.get(row)), ROUNDING);
    }
  }
}
