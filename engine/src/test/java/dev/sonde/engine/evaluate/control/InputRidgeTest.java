package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.TextOnly;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import dev.sonde.statistics.RidgePath;
import dev.sonde.statistics.TfIdf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InputRidgeTest {
  @Test
  void wordsThatTellTheClassesApartAreFound() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      positive[i] = i % 2 == 0;
      texts.add("the " + (positive[i] ? "sum" : "year") + " of item" + i);
    }
    assertThat(reached(positive, words(texts))).isEqualTo(1);
    assertThat(reached(positive, TextTerms.of(texts, TextFeatures::characters))).isEqualTo(1);
    assertThat(reached(positive, length(texts))).isLessThan(1);
  }

  @Test
  void lengthIsDecodedWhateverItsDirection() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      positive[i] = i % 2 == 0;
      texts.add("x".repeat(positive[i] ? 10 + i : 60 + i));
    }
    assertThat(reached(positive, length(texts))).isEqualTo(1);
  }

  @Test
  void featuresThatAreAllAlikeAreExactlyAtChance() {
    Matrix same = Matrix.zeros(Matrix.Type.FLOAT32, 40, 8);
    for (int row = 0; row < 40; row++) {
      for (int c = 0; c < 8; c++) {
        same.set(row, c, 0.1 * c + 0.37);
      }
    }
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i += 2) {
      positive[i] = true;
    }
    assertThat(reached(positive, RivalFeatures.of(same, new PlainLinearAlgebra()))).isEqualTo(0.5);
  }

  @Test
  void aLengthThatIsNeitherShortNorLongIsDecodedAsWell() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[60];
    for (int i = 0; i < 60; i++) {
      positive[i] = i % 3 == 1;
      texts.add("x".repeat(20 + 60 * (i % 3) + i / 3));
    }
    assertThat(reached(positive, length(texts))).isGreaterThan(0.95);
  }

  @Test
  void textsOfTheSameWordsInAnotherOrderDifferInTheirPairsOfWords() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      positive[i] = i % 2 == 0;
      String item = "item" + (char) ('a' + i / 2);
      texts.add(positive[i] ? item + " then the other" : "the other then " + item);
    }
    assertThat(reached(positive, words(texts))).isEqualTo(1);
    assertThat(reached(positive, TextTerms.of(texts, TextFeatures::lastWord))).isEqualTo(1);
  }

  @Test
  void oneWordThatTellsAmongManyThatDoNotIsFoundByTheRightPenalty() {
    RandomGenerator random = new Seeds(9).random("words");
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[120];
    for (int i = 0; i < 120; i++) {
      positive[i] = i % 2 == 0;
      StringBuilder text = new StringBuilder(positive[i] ? "sum" : "year");
      for (int word = 0; word < 30; word++) {
        text.append(" w")
            .append((char) ('a' + random.nextInt(26)))
            .append((char) ('a' + random.nextInt(26)));
      }
      texts.add(text.toString());
    }
    assertThat(reached(positive, words(texts))).isGreaterThan(0.85);
  }

  @Test
  void weightsOfTermsAreThoseOfTfIdf() {
    List<String> texts = List.of("a b b", "b c", "c c c a", "d b");
    TextTerms terms = TextTerms.of(texts, TextFeatures::wordsAndPairs);
    int[] training = {0, 1, 2};
    TfIdf known =
        TfIdf.of(
            IntStream.of(training).mapToObj(texts::get).map(TextFeatures::wordsAndPairs).toList());
    RidgePath.Rows rows = terms.rows(new int[] {0, 1, 2, 3}, training);
    for (int a = 0; a < 4; a++) {
      double[] one = new double[4];
      one[a] = 1;
      double[] products = rows.times(rows.transposeTimes(one));
      for (int b = 0; b < 4; b++) {
        assertThat(products[b]).isCloseTo(product(known, texts.get(a), texts.get(b)), within(1e-6));
      }
    }
  }

  /** Inner products of all pairs of rows would take 3.2 GB. */
  @Test
  void twentyThousandTextsTakeMemoryInProportionToTheTexts() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[20_000];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = i % 2 == 0;
      texts.add("w" + Integer.toString(i, 36) + (positive[i] ? " sum" : " year"));
    }
    Targets targets = Targets.binary(positive);
    List<String> groups = IntStream.range(0, positive.length).mapToObj(row -> "g" + row).toList();
    int[] folds = IntStream.range(0, positive.length).map(row -> row / 2 % 2).toArray();
    assertThat(
            new InputRidge(targets, groups, 2, new Seeds(1))
                .heldOut(TextTerms.of(texts, TextFeatures::lastWord), Folds.splits(folds))
                .merit()
                .value())
        .isEqualTo(1);
  }

  private static double product(TfIdf known, String a, String b) {
    TfIdf.Vector left = known.vector(TextFeatures.wordsAndPairs(a));
    TfIdf.Vector right = known.vector(TextFeatures.wordsAndPairs(b));
    double sum = 0;
    for (int i = 0; i < left.columns().length; i++) {
      int at = Arrays.binarySearch(right.columns(), left.columns()[i]);
      sum += at < 0 ? 0 : left.weights()[i] * right.weights()[at];
    }
    return sum;
  }

  @Test
  void denseFeaturesGiveTheSameByRowsAndByColumns() {
    Random random = new Random(5);
    int rows = 90;
    Matrix features = Matrix.zeros(Matrix.Type.FLOAT32, rows, 12);
    double[] targets = new double[70];
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < 12; c++) {
        features.set(row, c, random.nextGaussian() * (c == 0 ? 40 : 1) + 3);
      }
    }
    int[] train = IntStream.range(0, 70).toArray();
    int[] test = IntStream.range(70, rows).toArray();
    for (int row = 0; row < targets.length; row++) {
      targets[row] = features.get(row, 3) + random.nextGaussian();
    }
    double[] penalties = {1000, 1, 0.01};
    DenseRidge tall = new DenseRidge(features, new PlainLinearAlgebra());
    DenseFeatures wide = new DenseFeatures(features);
    double[][] byColumns = tall.predict(train, test, targets, penalties);
    double[][] byRows = RidgePath.predict(wide.rows(train), wide.rows(test), targets, penalties);
    for (int p = 0; p < penalties.length; p++) {
      assertThat(byColumns[p]).containsExactly(byRows[p], within(1e-6));
    }
    assertThat(tall.suits(12)).isTrue();
    assertThat(tall.suits(11)).isFalse();
  }

  private static RivalFeatures words(List<String> texts) {
    return TextTerms.of(texts, TextFeatures::wordsAndPairs);
  }

  private static RivalFeatures length(List<String> texts) {
    return Confounds.ofTexts(
            "length", texts.stream().<Example>map(text -> new TextOnly(text, text)).toList())
        .features(new PlainLinearAlgebra());
  }

  private static double reached(boolean[] positive, RivalFeatures features) {
    Targets targets = Targets.binary(positive);
    Seeds seeds = new Seeds(1);
    int[] folds = Folds.rowwise(targets.size(), 4, seeds.random("folds"));
    List<String> groups = IntStream.range(0, positive.length).mapToObj(row -> "g" + row).toList();
    return new InputRidge(targets, groups, 4, seeds)
        .heldOut(features, Folds.splits(folds))
        .merit()
        .value();
  }
}
