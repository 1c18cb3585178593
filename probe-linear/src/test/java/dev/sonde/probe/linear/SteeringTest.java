package dev.sonde.probe.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.config.Settings;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Claim;
import dev.sonde.api.report.Claim.Answer;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.Interval;
import dev.sonde.testkit.SettingsConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SteeringTest {

  @Test
  void theStatisticIsLargeOnlyWhereRowsOfBothLabelsAreMoved() {
    int[] rows = IntStream.range(0, ROWS).toArray();
    double[][] oneLabel = new double[1][ROWS];
    double[][] both = new double[1][ROWS];
    for (int row : rows) {
      oneLabel[0][row] = targets.positive(row) ? -4 : 0;
      both[0][row] = targets.positive(row) ? -4 : 3;
    }
    List<Dose> doses = List.of(new Dose(Dose.Mode.ADD, 1));
    assertThat(new Effects(doses, rows, oneLabel, oneLabel).statistic(targets)).isEqualTo(2);
    assertThat(new Effects(doses, rows, both, both).statistic(targets)).isEqualTo(3.5);
  }

  private static final int ROWS = 80;
  private static final int WIDTH = 7;

  private final Random random = new Random(9);
  private final Targets targets = Targets.binary(positives());
  private final List<String> groups =
      IntStream.range(0, ROWS).mapToObj(row -> "g" + row / 4).toList();

  @Test
  void whatIsOrthogonalisedHasNoPartAlongTheDirection() {
    double[] a = gaussian();
    double[] r = gaussian();
    double[] rest = Directions.without(a, r);
    assertThat(Directions.dot(rest, r)).isCloseTo(0, within(1e-6));
    assertThat(Directions.norm(rest)).isLessThan(Directions.norm(a));
    assertThat(Directions.norm(Directions.without(r, r))).isCloseTo(0, within(1e-6));
  }

  @Test
  void nullDirectionsChangeStatesByTheSameRootMeanSquareInBothModes() {
    List<double[]> states = Arrays.asList(gaussian(), gaussian(), gaussian());
    double[] direction = gaussian();
    double[] other = gaussian();
    Steer matched = Steer.matched(other, direction, states);
    double length = 0;
    for (float value : matched.vector()) {
      length += value * value;
    }
    assertThat(Math.sqrt(length)).isCloseTo(Directions.norm(direction), within(1e-5));
    assertThat(matched.scaleMatch() * Steer.rootMeanSquare(other, states))
        .isCloseTo(Steer.rootMeanSquare(direction, states), within(1e-9));
  }

  @Test
  void noGroupStandsInTwoPartsAndEveryPartHasBothClasses() {
    SteeringSplit parts = SteeringSplit.of(groups, targets, new int[ROWS], random).orElseThrow();
    List<int[]> all = List.of(parts.fit(), parts.validation(), parts.reported());
    Set<String> seen = new HashSet<>();
    for (int[] part : all) {
      assertThat(targets.select(part).vary()).isTrue();
      Set<String> own = new HashSet<>();
      IntStream.of(part).forEach(row -> own.add(groups.get(row)));
      assertThat(Collections.disjoint(own, seen)).isTrue();
      seen.addAll(own);
    }
    assertThat(seen).hasSize(ROWS / 4);
  }

  @Test
  void ofAHandMadeSplitTheTestRowsAreReported() {
    int[] folds = IntStream.range(0, ROWS).map(row -> row < 60 ? -1 : 0).toArray();
    SteeringSplit parts = SteeringSplit.of(groups, targets, folds, random).orElseThrow();
    assertThat(parts.reported()).isEqualTo(IntStream.range(60, ROWS).toArray());
    assertThat(parts.fit().length + parts.validation().length).isEqualTo(60);
  }

  @Test
  void fewerRowsAreTakenFromBothClassesAndManyGroups() {
    int[] few = SteeringSplit.atMost(8, IntStream.range(0, ROWS).toArray(), groups, targets);
    assertThat(few).hasSize(8).isSorted();
    assertThat(targets.select(few).positives()).isEqualTo(4);
    assertThat(IntStream.of(few).mapToObj(groups::get).distinct().count()).isEqualTo(8);
  }

  @Test
  void directionsOfExchangedLabelsKnowNothingOfTheRealOne() {
    Matrix rows = Matrix.zeros(Matrix.Type.FLOAT64, ROWS, WIDTH);
    for (int row = 0; row < ROWS; row++) {
      double[] state = gaussian();
      state[0] = targets.positive(row) ? 50 : -50;
      rows.setRow(row, state);
    }
    NullDirections nulls =
        new NullDirections(rows, targets, groups, IntStream.range(0, ROWS).toArray());
    assertThat(nulls.exchanged(random)[0]).isCloseTo(0, within(1e-9));
    assertThat(Directions.norm(nulls.exchanged(random))).isPositive();
  }

  @Test
  void pIsTheShareOfAllDirectionsThatDoAtLeastAsMuch() {
    List<Effects> draws = new ArrayList<>();
    for (double change : new double[] {-1, 2, -3, 0.5, -2}) {
      double[] changes = new double[ROWS];
      Arrays.fill(changes, change);
      draws.add(
          new Effects(
              List.of(new Dose(Dose.Mode.ADD, 1)),
              IntStream.range(0, ROWS).toArray(),
              new double[][] {changes},
              new double[][] {new double[ROWS]}));
    }
    DirectionTest gains = new DirectionTest(new Effects.Cell(0, true), 2, draws);
    assertThat(gains.p(targets)).isEqualTo(2.0 / 6);
    assertThat(gains.smallest()).isEqualTo(1.0 / 6);
    DirectionTest losses = new DirectionTest(new Effects.Cell(0, false), 2, draws);
    assertThat(losses.p(targets)).as("answers of the other label should lose").isEqualTo(3.0 / 6);
  }

  @Test
  void aLayerIsChosenByTheLargestFactorsOfEitherSign() {
    Settings settings = SteerSettings.published(Settings.none());
    assertThat(SteerSettings.of(SettingsConfig.defaults(settings))).isEmpty();
    SteerSettings steering =
        SteerSettings.of(
                new SettingsConfig(
                    settings, Map.of("steer", true, "steer_alphas", List.of(-1, 0.5, 2))))
            .orElseThrow();
    assertThat(steering.extremes())
        .containsExactlyInAnyOrder(
            new Dose(Dose.Mode.ADD, -1),
            new Dose(Dose.Mode.ADD, 2),
            new Dose(Dose.Mode.SCALE, -1),
            new Dose(Dose.Mode.SCALE, 2));
  }

  @Test
  void addingTheDirectionShouldHelpItsLabelAndHurtTheOther() {
    int[] rows = IntStream.range(0, ROWS).toArray();
    double[][] change = new double[2][ROWS];
    for (int row : rows) {
      change[0][row] = targets.positive(row) ? -9 : -1;
      change[1][row] = targets.positive(row) ? -2 : 5;
    }
    Effects effects =
        new Effects(
            List.of(new Dose(Dose.Mode.ADD, 1), new Dose(Dose.Mode.ADD, -1)), rows, change, change);
    assertThat(effects.expected(new Effects.Cell(0, true))).isEqualTo(1);
    assertThat(effects.expected(new Effects.Cell(1, true))).isEqualTo(-1);
    assertThat(effects.meanAsExpected(targets, new Effects.Cell(0, true)))
        .as("the largest change of all is the wrong way round")
        .isEqualTo(-9);
    assertThat(effects.strongest(targets, new boolean[] {true, true}))
        .isEqualTo(new Effects.Cell(1, false));
    assertThat(effects.strongest(targets, new boolean[] {true, false}))
        .isEqualTo(new Effects.Cell(0, false));
    assertThat(effects.strongest(targets, new boolean[2]))
        .as("where no dose is harmless, the strongest of all")
        .isEqualTo(new Effects.Cell(1, false));
  }

  @Test
  void randomDirectionsLieWhereStatesOfOneClassVary() {
    Matrix rows = Matrix.zeros(Matrix.Type.FLOAT64, ROWS, WIDTH);
    for (int row = 0; row < ROWS; row++) {
      double[] state = new double[WIDTH];
      state[0] = targets.positive(row) ? 50 : -50;
      state[1] = random.nextGaussian();
      rows.setRow(row, state);
    }
    NullDirections nulls =
        new NullDirections(rows, targets, groups, IntStream.range(0, ROWS).toArray());
    double[] drawn = nulls.random(random);
    assertThat(Math.abs(drawn[1])).isPositive();
    drawn[1] = 0;
    assertThat(Directions.norm(drawn)).isCloseTo(0, within(1e-9));
  }

  @Test
  void steeringThatWrecksTheModelIsNoSteering() {
    int[] rows = IntStream.range(0, ROWS).toArray();
    double[][] change = new double[1][ROWS];
    for (int row : rows) {
      change[0][row] = (targets.positive(row) ? 8 : -8) + random.nextGaussian();
    }
    Effects effects = new Effects(List.of(new Dose(Dose.Mode.ADD, 1)), rows, change, change);
    double[][] nothing = new double[1][ROWS];
    Effects control = new Effects(effects.doses(), rows, nothing, nothing);
    List<Effects> draws = Collections.nCopies(99, control);
    Effects.Cell cell = new Effects.Cell(0, true);
    DirectionTest test = new DirectionTest(cell, 8, draws);
    for (double harm : new double[] {0.01, 4.45}) {
      SteeringClaim claim =
          new SteeringClaim(
              new MeanOfRows(),
              targets,
              HookPoint.of(1, "hook_resid_post"),
              effects,
              control,
              cell,
              test,
              test,
              new SteeringClaim.Damage(
                  new Estimate(harm, new Interval(harm - 0.005, harm + 0.005)),
                  Optional.empty(),
                  0.1,
                  Optional.empty(),
                  0.05));
      Claim judged = claim.evidence().judged();
      assertThat(judged.answer()).isEqualTo(harm < 0.1 ? Answer.YES : Answer.NO);
      if (harm > 0.1) {
        assertThat(judged.because())
            .singleElement()
            .asString()
            .startsWith("harm to neutral text is 4.450");
      }
    }
  }

  @Test
  void questionsThatSteeringMakesWrongCountAgainstIt() {
    ChoiceGuard guard = new ChoiceGuard(new double[] {1, 1, 1, 0}, new double[] {1, 0, 0, 1});
    ClusterBootstrap questions = new ClusterBootstrap(Groups.ofSingleRows(4), 200, new Random(3));
    assertThat(guard.lost(questions).value()).isEqualTo(0.25);
    assertThat(guard.before()).isEqualTo(0.75);
  }

  /** Intervals as narrow as half a unit. */
  private static final class MeanOfRows implements Evaluation {
    @Override
    public Choice best() {
      throw new UnsupportedOperationException();
    }

    @Override
    public double[] heldOutScores(Choice choice) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int[] folds() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Metric withInterval(Metric mean, double[] values, int[] of) {
      double own = Effects.mean(values, of);
      return mean.interval(own - 0.25, own + 0.25);
    }
  }

  private double[] gaussian() {
    return random.doubles(WIDTH, -2, 2).toArray();
  }

  private static boolean[] positives() {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      positive[row] = row / 4 % 2 == 0;
    }
    return positive;
  }
}
