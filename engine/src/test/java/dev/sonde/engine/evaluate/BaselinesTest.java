package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BaselinesTest {
  private static final LinearAlgebra ALGEBRA = new PlainLinearAlgebra();

  @Test
  void wordsThatTellTheClassesApartAreFound() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      positive[i] = i % 2 == 0;
      texts.add("the " + (positive[i] ? "sum" : "year") + " of item" + i);
    }
    Baselines baselines = baselines(positive);
    assertThat(baselines.bagOfWords(texts).merit().value()).isEqualTo(1);
    assertThat(baselines.length(texts).merit().value()).isBetween(0.0, 1.0);
  }

  @Test
  void lengthIsDecodedWhateverItsDirection() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      positive[i] = i % 2 == 0;
      texts.add("x".repeat(positive[i] ? 10 + i : 60 + i));
    }
    assertThat(baselines(positive).length(texts).merit().value()).isEqualTo(1);
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
    assertThat(baselines(positive).features(same).merit().value()).isEqualTo(0.5);
  }

  @Test
  void textsOfTheSameWordsInAnotherOrderAreExactlyAtChance() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      positive[i] = i % 2 == 0;
      String item = "item" + (char) ('a' + i / 2);
      texts.add(positive[i] ? item + " then the other" : "the other then " + item);
    }
    List<String> pairs = IntStream.range(0, 40).mapToObj(row -> "pair" + row / 2).toList();
    Targets targets = Targets.binary(positive);
    int[] folds = Folds.grouped(pairs, targets, 4, new Seeds(1).random("folds"));
    Baselines baselines = new Baselines(targets, Folds.splits(folds), ALGEBRA);
    assertThat(baselines.bagOfWords(texts).merit().value()).isEqualTo(0.5);
  }

  @Test
  void residualsAreUncorrelatedWithTheConfoundOnTrainingRows() {
    RandomGenerator random = new Seeds(6).random("confounds");
    List<Example> examples = new ArrayList<>();
    Matrix features = Matrix.zeros(Matrix.Type.FLOAT32, 30, 2);
    for (int row = 0; row < 30; row++) {
      String text = "x".repeat(1 + random.nextInt(50));
      examples.add(new TextOnly("r" + row, text));
      features.set(row, 0, 3 * Math.log1p(text.length()) + random.nextGaussian());
      features.set(row, 1, random.nextGaussian());
    }
    Confounds confounds =
        Confounds.of(List.of("length", "digits"), examples, Confounds.Effect.STEPS);
    Split split = new Split(IntStream.range(0, 20).toArray(), new int[] {25});

    Matrix residuals = confounds.residuals(features, split, ALGEBRA);

    for (int c = 0; c < 2; c++) {
      double sum = 0;
      double product = 0;
      for (int row : split.train()) {
        sum += residuals.get(row, c);
        product += residuals.get(row, c) * Math.log1p(examples.get(row).text().length());
      }
      assertThat(sum).isCloseTo(0, within(1e-3));
      assertThat(product).isCloseTo(0, within(1e-3));
    }
  }

  @Test
  void confoundsThatDoNotVaryAreNone() {
    List<Example> examples = List.of(new TextOnly("a", "one"), new TextOnly("b", "two"));
    assertThat(Confounds.of(List.of("length", "digits"), examples, Confounds.Effect.STEPS).none())
        .isTrue();
  }

  private static Baselines baselines(boolean[] positive) {
    Targets targets = Targets.binary(positive);
    int[] folds = Folds.rowwise(targets, 4, new Seeds(1).random("folds"));
    return new Baselines(targets, Folds.splits(folds), ALGEBRA);
  }
}
