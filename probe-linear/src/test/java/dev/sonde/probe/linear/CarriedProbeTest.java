package dev.sonde.probe.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Claim;
import dev.sonde.api.report.Claim.Answer;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.PairedFigures;
import dev.sonde.testkit.RecordedReport;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of a probe on rows that another model gave for the same texts. */
class CarriedProbeTest {
  private static final int ROWS = 800;
  private static final int FOLDS = 5;
  private static final HookPoint POINT = HookPoint.of(3, HookPoint.RESID_POST);
  private static final CompareSettings SETTINGS = new CompareSettings(0.05, 0.2, 0.1, false);

  private final Random random = new Random(12);
  private final Targets targets = targets();
  private final Matrix main = rows();

  /** A row's first number separates the classes, and the scores are that number. */
  private Matrix rows() {
    Matrix rows = Matrix.zeros(Matrix.Type.FLOAT32, ROWS, 2);
    for (int row = 0; row < ROWS; row++) {
      rows.set(row, 0, (targets.positive(row) ? 2 : 0) + random.nextGaussian());
      rows.set(row, 1, random.nextGaussian());
    }
    return rows;
  }

  private Matrix changed(double shift, double noise) {
    Matrix rows = Matrix.zeros(Matrix.Type.FLOAT32, ROWS, 2);
    for (int row = 0; row < ROWS; row++) {
      rows.set(row, 0, main.get(row, 0) + shift + noise * random.nextGaussian());
    }
    return rows;
  }

  private RecordedReport report(Matrix other) {
    return report(other, 10);
  }

  private RecordedReport report(Matrix other, int rowsOfGroup) {
    RecordedReport report = new RecordedReport();
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      positive[row] = targets.positive(row);
    }
    FirstNumber evaluation = new FirstNumber();
    PairedFigures paired =
        new PairedFigures(
            Groups.of(IntStream.range(0, ROWS).mapToObj(row -> row / rowsOfGroup).toList()),
            positive,
            evaluation.folds(),
            random);
    new CarriedProbe(evaluation, targets, SETTINGS)
        .report(new Comparison("q4.1", 1, POINT, report), main, other, paired);
    return report;
  }

  private static double value(RecordedReport report, String name) {
    return metric(report, name).value().orElseThrow();
  }

  private static Metric metric(RecordedReport report, String name) {
    return report.metrics().stream()
        .filter(each -> each.name().equals("compared." + name))
        .findFirst()
        .orElseThrow();
  }

  private static Answer answer(RecordedReport report, String name) {
    return report.claims().stream()
        .filter(claim -> claim.evidence().name().equals(name))
        .map(Claim::answer)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theSameRowsLoseNothingAndKeepEveryRate() {
    RecordedReport report = report(main);
    assertThat(value(report, "auroc_lost")).isZero();
    assertThat(value(report, "false_positives")).isCloseTo(0.1, within(0.05));
    assertThat(value(report, "threshold_shift")).isZero();
    assertThat(value(report, "brier_lost")).isZero();
    assertThat(value(report, "bias")).isCloseTo(0, within(0.05));
    assertThat(answer(report, "separates_on_1_q4_1")).isEqualTo(Answer.YES);
    assertThat(answer(report, "holds_rate_on_1_q4_1")).isEqualTo(Answer.YES);
  }

  @Test
  void fewGroupsCannotTellThatNothingIsLostButThatMuchIs() {
    RecordedReport same = report(main, 40);
    assertThat(value(same, "auroc_lost")).isZero();
    assertThat(answer(same, "separates_on_1_q4_1")).isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(answer(same, "holds_rate_on_1_q4_1")).isEqualTo(Answer.CANNOT_BE_TOLD);
    RecordedReport noise = report(changed(0, 20), 40);
    assertThat(answer(noise, "separates_on_1_q4_1")).isEqualTo(Answer.NO);
  }

  @Test
  void aShiftOfAllRowsLosesNoAurocButTheRateOfTheThreshold() {
    RecordedReport report = report(changed(0.7, 0));
    assertThat(value(report, "auroc_lost")).isCloseTo(0, within(1e-6));
    assertThat(value(report, "false_positives_lost")).isLessThan(-0.05);
    assertThat(value(report, "score_shift")).isPositive();
    assertThat(value(report, "threshold_shift"))
        .isCloseTo(value(report, "score_shift"), within(1e-4));
    assertThat(value(report, "bias")).isGreaterThan(0.05);
    assertThat(answer(report, "separates_on_1_q4_1")).isEqualTo(Answer.YES);
    assertThat(answer(report, "holds_rate_on_1_q4_1")).isEqualTo(Answer.NO);
  }

  @Test
  void noiseLosesAurocWithAnIntervalOfPairedGroups() {
    RecordedReport report = report(changed(0, 3));
    Metric lost = metric(report, "auroc_lost");
    assertThat(lost.low().orElseThrow()).isGreaterThan(0.05);
    assertThat(answer(report, "separates_on_1_q4_1")).isEqualTo(Answer.NO);
    assertThat(lost.where()).containsEntry("with_model", "q4.1").containsEntry("layer", 3);
  }

  /** Scores that are a row's first number, whatever they were fitted to. */
  private static final class FirstNumber implements Evaluation {
    @Override
    public Choice best() {
      return new Choice("first", POINT);
    }

    @Override
    public double[] heldOutScores(Choice choice) {
      throw new UnsupportedOperationException();
    }

    @Override
    public double[] heldOutScores(String decoder, Matrix fitted, Matrix scored) {
      return scored.column(0);
    }

    @Override
    public int[] folds() {
      return IntStream.range(0, ROWS).map(row -> row / 10 % FOLDS).toArray();
    }

    @Override
    public Metric withInterval(Metric mean, double[] values, int[] rows) {
      return mean;
    }
  }

  @Test
  void theDoseWithTheSameEffectLiesBetweenThoseThatWereTried() {
    List<Dose> doses =
        List.of(
            new Dose(Dose.Mode.ADD, 2),
            new Dose(Dose.Mode.ADD, -1),
            new Dose(Dose.Mode.SCALE, 1),
            new Dose(Dose.Mode.ADD, 1));
    EqualDose equal = EqualDose.of(doses, 3);
    assertThat(equal.ascending()).containsExactly(3, 0);
    assertThat(equal.times(new double[] {6, 9, 9, 2}, 2)).isEqualTo(1);
    assertThat(equal.times(new double[] {6, 9, 9, 2}, 1)).isEqualTo(0.5);
    assertThat(equal.times(new double[] {6, 9, 9, 2}, 4)).isEqualTo(1.5);
    assertThat(equal.times(new double[] {6, 9, 9, 2}, 7)).isNaN();
    assertThat(EqualDose.of(doses, 0).times(new double[] {6, 9, 9, 2}, 4)).isEqualTo(0.75);
  }

  private static Targets targets() {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      positive[row] = row % 2 == 0;
    }
    return Targets.binary(positive, "reasoning", "memory");
  }
}
