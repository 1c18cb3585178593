package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InputRidgeTest {
  private static final LinearAlgebra ALGEBRA = new PlainLinearAlgebra();

  @Test
  void wordsThatTellTheClassesApartAreFound() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      positive[i] = i % 2 == 0;
      texts.add("the " + (positive[i] ? "sum" : "year") + " of item" + i);
    }
    InputRidge ridge = ridge(positive);
    assertThat(ridge.bagOfWords(texts).merit().value()).isEqualTo(1);
    assertThat(ridge.length(texts).merit().value()).isBetween(0.0, 1.0);
  }

  @Test
  void lengthIsDecodedWhateverItsDirection() {
    List<String> texts = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      positive[i] = i % 2 == 0;
      texts.add("x".repeat(positive[i] ? 10 + i : 60 + i));
    }
    assertThat(ridge(positive).length(texts).merit().value()).isEqualTo(1);
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
    assertThat(ridge(positive).features(same).merit().value()).isEqualTo(0.5);
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
    int[] folds = Folds.grouped(pairs, 4, new Seeds(1).random("folds"));
    InputRidge ridge = new InputRidge(targets, Folds.splits(folds), ALGEBRA);
    assertThat(ridge.bagOfWords(texts).merit().value()).isEqualTo(0.5);
  }

  private static InputRidge ridge(boolean[] positive) {
    Targets targets = Targets.binary(positive);
    int[] folds = Folds.rowwise(targets.size(), 4, new Seeds(1).random("folds"));
    return new InputRidge(targets, Folds.splits(folds), ALGEBRA);
  }
}
