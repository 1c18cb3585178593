package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** What every decoder keeps to: it finds what is planted, and nothing where nothing is. */
public abstract class DecoderContract extends ExtensionContract {
  private static final int ROWS = 200;
  private static final int WIDTH = 16;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(12);

  /** For sub-classes. */
  protected DecoderContract() {}

  @Override
  protected abstract DecoderFactory factory();

  private Decoder decoder() {
    return new AssertingDecoder(factory().create(SettingsConfig.defaults(factory().settings())));
  }

  @Test
  void aPlantedDirectionSeparatesRowsThatWereNotSeen() {
    Targets targets = coins();
    PlainDesign train = rows(targets, 2);
    Targets others = coins();
    assertThat(auroc(decoder().fit(train, targets), rows(others, 2), others)).isGreaterThan(0.95);
  }

  @Test
  void labelsThatMeanNothingAreAtChanceOnRowsThatWereNotSeen() {
    Targets targets = coins();
    PlainDesign train = rows(targets, 0);
    Targets others = coins();
    assertThat(auroc(decoder().fit(train, targets), rows(others, 0), others))
        .isCloseTo(0.5, within(0.15));
  }

  @Test
  void fittingManyLabelingsGivesWhatFittingEachGives() {
    Targets first = coins();
    Targets second = coins();
    PlainDesign train = rows(first, 1);
    PlainDesign test = rows(second, 1);
    List<Scorer> together = decoder().fitAll(train, List.of(first, second));
    assertThat(together).hasSize(2);
    assertSame(together.get(0).score(test), decoder().fit(train, first).score(test));
    assertSame(together.get(1).score(test), decoder().fit(train, second).score(test));
  }

  @Test
  void theSameRowsGiveTheSameScores() {
    Targets targets = coins();
    PlainDesign train = rows(targets, 1);
    double[] first = decoder().fit(train, targets).score(train);
    assertThat(decoder().fit(train, targets).score(train)).containsExactly(first);
    assertThat(first).hasSize(ROWS);
  }

  @Test
  void aConstantFeatureDoesNoHarm() {
    Targets targets = coins();
    PlainDesign train = rows(targets, 2);
    for (int row = 0; row < ROWS; row++) {
      train.values().set(row, 3, 7.5);
    }
    for (double score : decoder().fit(train, targets).score(train)) {
      assertThat(score).isFinite();
    }
  }

  private static void assertSame(double[] actual, double[] expected) {
    double scale = 1e-9;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int row = 0; row < expected.length; row++) {
      assertThat(actual[row]).isCloseTo(expected[row], within(1e-4 * scale));
    }
  }

  private Targets coins() {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      positive[row] = random.nextBoolean();
    }
    return Targets.binary(positive);
  }

  /** Noise of unit size, and a shift of two axes for the positive class. */
  private PlainDesign rows(Targets targets, double shift) {
    PlainDesign design = new PlainDesign(ROWS, WIDTH);
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < WIDTH; c++) {
        double planted = c < 2 && targets.positive(row) ? shift : 0;
        design.values().set(row, c, random.nextGaussian() + planted);
      }
    }
    return design;
  }

  private static double auroc(Scorer scorer, PlainDesign rows, Targets targets) {
    double[] scores = scorer.score(rows);
    double concordant = 0;
    double pairs = 0;
    for (int p = 0; p < scores.length; p++) {
      for (int n = 0; n < scores.length; n++) {
        if (targets.positive(p) && !targets.positive(n)) {
          pairs++;
          concordant += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
        }
      }
    }
    return concordant / pairs;
  }
}
