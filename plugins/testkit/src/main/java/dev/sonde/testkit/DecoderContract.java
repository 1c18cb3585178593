package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every decoder keeps to: it finds what is planted, and nothing where nothing is. */
public abstract class DecoderContract extends ExtensionContract {
  private static final int ROWS = 200;
  private static final int WIDTH = 16;

  /** The AUROC that the planted direction, of which two axes are two deviations apart, exceeds. */
  private static final double FOUND = 0.95;

  /** How far from 0.5 an AUROC of {@link #ROWS} rows lies by chance, four times over. */
  private static final double CHANCE = 0.15;

  /** Products in float32 in another company of rows differ by less, as a share of the scores. */
  private static final double ROUNDING = 1e-4;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(12);

  /** For sub-classes. */
  protected DecoderContract() {}

  @Override
  protected abstract DecoderFactory factory();

  /**
   * How far scores may move when the training rows change places with their labels, as a share of
   * the largest score. By default what rounding explains; a decoder that takes rows one after the
   * other, or stops an iteration early, states its own.
   */
  protected double orderTolerance() {
    return 1e-6;
  }

  private Decoder bare() {
    return factory().create(SettingsConfig.defaults(factory().settings()));
  }

  private Decoder decoder() {
    return new AssertingDecoder(bare());
  }

  @Test
  void aPlantedDirectionSeparatesRowsThatWereNotSeen() {
    Targets targets = coins();
    PlainDesign train = rows(targets, 2);
    Targets others = coins();
    assertThat(auroc(decoder().fit(train, targets), rows(others, 2), others))
        .as(
            "the AUROC on rows that were not seen, with classes two deviations apart along two of"
                + " %d axes; the decoder misses what is there, or gives positive rows the lower"
                + " scores",
            WIDTH)
        .isGreaterThan(FOUND);
  }

  @Test
  void labelsThatMeanNothingAreAtChanceOnRowsThatWereNotSeen() {
    Targets targets = coins();
    PlainDesign train = rows(targets, 0);
    Targets others = coins();
    assertThat(auroc(decoder().fit(train, targets), rows(others, 0), others))
        .as("the AUROC on rows that were not seen, with labels drawn by coins: there is nothing")
        .isCloseTo(0.5, within(CHANCE));
  }

  @Test
  void fittingManyLabelingsGivesWhatFittingEachGives() {
    Targets first = coins();
    Targets second = coins();
    PlainDesign train = rows(first, 1);
    PlainDesign test = rows(second, 1);
    List<Scorer> together = decoder().fitAll(train, List.of(first, second));
    String what = "what fitAll's scorer of each labeling gives, beside what fit's gives";
    assertClose(
        together.get(0).score(test), decoder().fit(train, first).score(test), ROUNDING, what);
    assertClose(
        together.get(1).score(test), decoder().fit(train, second).score(test), ROUNDING, what);
  }

  @Test
  void theSameRowsGiveTheSameScores() {
    Targets targets = coins();
    PlainDesign train = rows(targets, 1);
    double[] first = decoder().fit(train, targets).score(train);
    assertThat(decoder().fit(train, targets).score(train))
        .as(
            "the scores of a second fit to the same rows, to the last bit; draw from a generator"
                + " with a seed of its own, and keep nothing between fits")
        .containsExactly(first);
  }

  @Test
  void aRowsScoreDependsOnNoOtherRowThatIsScored() {
    Targets targets = coins();
    PlainDesign test = rows(targets, 1);
    Scorer scorer = decoder().fit(rows(targets, 1), targets);
    double[] together = scorer.score(test);
    double[] alone =
        IntStream.range(0, ROWS)
            .mapToDouble(row -> scorer.score(select(test, new int[] {row}))[0])
            .toArray();
    assertClose(
        alone,
        together,
        ROUNDING,
        "scored by itself, beside its score among all rows; take means and spreads from the"
            + " training rows, never from the rows that are scored");
    int[] some = IntStream.range(0, ROWS).filter(row -> row % 3 == 0).toArray();
    assertClose(
        scorer.score(select(test, some)),
        IntStream.of(some).mapToDouble(row -> together[row]).toArray(),
        ROUNDING,
        "scored among every third row, beside its score among all rows; take means and spreads"
            + " from the training rows, never from the rows that are scored");
  }

  @Test
  void theOrderOfTheTrainingRowsDoesNotMatter() {
    Targets targets = coins();
    PlainDesign train = rows(targets, 1);
    PlainDesign test = rows(targets, 1);
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
    Collections.shuffle(shuffled, new Random(ROWS));
    int[] order = shuffled.stream().mapToInt(Integer::intValue).toArray();
    assertClose(
        decoder().fit(select(train, order), targets.select(order)).score(test),
        decoder().fit(train, targets).score(test),
        orderTolerance(),
        "fitted to the training rows in another order, labels with them; a decoder that cannot"
            + " help it says how far scores may move with orderTolerance()");
  }

  @Test
  void aScorerThatHasAFormIsRestoredFromIt() {
    Targets targets = coins();
    PlainDesign test = rows(targets, 1);
    Scorer scorer = bare().fit(rows(targets, 1), targets);
    scorer
        .form()
        .ifPresent(
            form ->
                assertClose(
                    bare().restored(form).score(test),
                    scorer.score(test),
                    ROUNDING,
                    "the score of the scorer that restored() makes of form(), by a decoder that"
                        + " fitted nothing, beside the score of the one that was saved"));
  }

  @Test
  void aConstantFeatureDoesNoHarm() {
    Targets targets = coins();
    PlainDesign train = rows(targets, 2);
    for (int row = 0; row < ROWS; row++) {
      train.values().set(row, 3, 7.5);
    }
    assertThat(DoubleStream.of(bare().fit(train, targets).score(train)).allMatch(Double::isFinite))
        .as("every score is finite where a feature is the same in all rows; its spread is 0")
        .isTrue();
  }

  /** Scores apart by no more than a share of the largest one. */
  private static void assertClose(double[] actual, double[] expected, double share, String what) {
    double scale = Math.max(1e-9, DoubleStream.of(expected).map(Math::abs).max().orElse(0));
    for (int row = 0; row < expected.length; row++) {
      assertThat(actual[row])
          .as("row %d: %s", row, what)
          .isCloseTo(expected[row], within(share * scale));
    }
  }

  private static PlainDesign select(PlainDesign rows, int[] chosen) {
    PlainDesign selected = new PlainDesign(chosen.length, rows.columns());
    for (int i = 0; i < chosen.length; i++) {
      selected.values().setRow(i, rows.values().row(chosen[i]));
    }
    return selected;
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
