package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.data.DataSource;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The evaluation says what was planted, and nothing where nothing was. */
class EvaluatorTest {
  private static final int ROWS = 160;
  private static final int GROUPS = 16;
  private static final int WIDTH = 12;
  private static final HookPoint EMPTY = HookPoint.of(0, "hook_resid_post");
  private static final HookPoint PLANTED = HookPoint.of(1, "hook_resid_post");

  private final Targets targets = targets();
  private final List<String> groups = groups();

  @Test
  void aPlantedDirectionIsFoundWhereItWasPlanted() {
    Evaluator.Result result = evaluate(sites(3), targets);
    assertThat(result.best().point()).isEqualTo(PLANTED);
    assertThat(value(result, "auroc", PLANTED)).isGreaterThan(0.95);
    assertThat(value(result, "auroc", EMPTY)).isCloseTo(0.5, within(0.2));
    assertThat(value(result, "auroc.nested")).isGreaterThan(0.95);
    assertThat(value(result, "p.max_over_layers")).isEqualTo(1.0 / 100);
    assertThat(value(result, "selectivity")).isGreaterThan(0.2);
    assertThat(value(result, "auroc.residualised")).isGreaterThan(0.9);
  }

  @Test
  void nothingIsFoundWhereNothingWasPlanted() {
    Evaluator.Result result = evaluate(sites(0), targets);
    assertThat(value(result, "auroc.nested")).isCloseTo(0.5, within(0.25));
    assertThat(value(result, "p.max_over_layers")).isGreaterThan(0.05);
  }

  @Test
  void aModelWithFreshWeightsThatDoesAsWellIsSeenInTheMargin() {
    Evaluator.Result same = evaluate(sites(3), targets);
    assertThat(value(same, "baseline.random_init")).isEqualTo(value(same, "auroc.nested"));
    assertThat(value(same, "auroc.margin")).isZero();
    Evaluator.Result better = evaluate(sites(3), sites(0), targets, new Means(true), 0, List.of());
    assertThat(value(better, "baseline.random_init")).isLessThan(0.75);
    assertThat(value(better, "auroc.margin")).isGreaterThan(0.2);
  }

  @Test
  void labelsCostFewBitsWhereTheyAreEasyToDecodeAndOneWhereTheyAreNot() {
    assertThat(value(evaluate(sites(6), targets), "mdl.bits_per_label")).isLessThan(0.5);
    assertThat(value(evaluate(sites(0), targets), "mdl.bits_per_label")).isCloseTo(1, within(0.2));
  }

  @Test
  void gradedLabelsAreMeasuredByRankCorrelation() {
    double[] graded = new double[ROWS];
    for (int row = 0; row < ROWS; row++) {
      graded[row] = (targets.positive(row) ? 2 : 0) + row % GROUPS / 100.0;
    }
    Evaluator.Result result = evaluate(sites(3), Targets.real(graded));
    assertThat(result.best().point()).isEqualTo(PLANTED);
    assertThat(value(result, "spearman.label", PLANTED)).isGreaterThan(0.6);
    assertThat(value(result, "pearson.label", PLANTED)).isGreaterThan(0.6);
    assertThat(value(result, "spearman.label.nested")).isGreaterThan(0.6);
    assertThat(value(result, "p.max_over_layers")).isLessThanOrEqualTo(0.05);
    assertThat(result.metrics()).noneMatch(m -> m.name().startsWith("auroc"));
  }

  @Test
  void everyGroupIsHeldOutAloneWhereThatIsAskedFor() {
    Evaluator.Result result =
        evaluate(sites(3), Map.of(), targets, new Means(true), 0, List.of("leave_one_group_out"));
    Metric pooled =
        result.metrics().stream()
            .filter(m -> m.name().equals("auroc.pooled"))
            .filter(m -> "leave_one_group_out".equals(m.where().get("split")))
            .findFirst()
            .orElseThrow();
    assertThat(pooled.value().orElseThrow()).isGreaterThan(0.9);
    assertThat(result.metrics()).noneMatch(m -> "baseline.random_init".equals(m.name()));
  }

  @Test
  void intervalsHoldTheirFigure() {
    for (Metric metric : evaluate(sites(1), targets).metrics()) {
      if (metric.low().isPresent() && metric.name().startsWith("auroc")) {
        assertThat(metric.value().orElseThrow())
            .isBetween(metric.low().getAsDouble(), metric.high().getAsDouble());
      }
    }
  }

  @Test
  void everyRowIsHeldOutOnceWithAScoreOfItsOwn() {
    Evaluator.Result result = evaluate(sites(3), targets);
    assertThat(result.folds()).hasSize(ROWS);
    double[] scores = result.heldOutScores(new Evaluation.Choice("means", PLANTED));
    assertThat(scores).hasSize(ROWS);
    for (double score : scores) {
      assertThat(score).isFinite();
    }
    assertThatThrownBy(() -> result.heldOutScores(new Evaluation.Choice("other", PLANTED)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    List<Metric> first = evaluate(sites(1), targets).metrics();
    List<Metric> second = evaluate(sites(1), targets).metrics();
    for (int i = 0; i < first.size(); i++) {
      assertThat(second.get(i).value()).isEqualTo(first.get(i).value());
      assertThat(second.get(i).low()).isEqualTo(first.get(i).low());
    }
  }

  @Test
  void constantFeaturesAreExactlyAtChance() {
    Map<HookPoint, Matrix> sites = new LinkedHashMap<>();
    sites.put(EMPTY, Matrix.zeros(Matrix.Type.FLOAT32, ROWS, WIDTH));
    assertThat(value(evaluate(sites, targets), "auroc", EMPTY)).isEqualTo(0.5);
  }

  @Test
  void aDecoderThatIsNotInClosedFormSpendsItsBudgetOfRefits() {
    Evaluator.Result none = evaluate(sites(1), targets, new Means(false), 0);
    assertThat(none.notes()).anyMatch(note -> note.contains("No permutation test for means"));
    Evaluator.Result some = evaluate(sites(1), targets, new Means(false), 95);
    Metric p =
        some.metrics().stream()
            .filter(m -> m.name().equals("p.max_over_layers"))
            .findFirst()
            .orElseThrow();
    assertThat(p.where()).containsEntry("draws", 9);
  }

  @Test
  void tooFewGroupsOfAClassAreRefused() {
    boolean[] one = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      one[row] = groups.get(row).equals("g3");
    }
    assertThatThrownBy(() -> evaluate(sites(1), Targets.binary(one)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("one class only");
  }

  private Evaluator.Result evaluate(Map<HookPoint, Matrix> sites, Targets labels) {
    return evaluate(sites, labels, new Means(true), 0);
  }

  private Evaluator.Result evaluate(
      Map<HookPoint, Matrix> sites, Targets labels, Decoder decoder, int refits) {
    return evaluate(sites, sites, labels, decoder, refits, List.of("grouped", "rowwise"));
  }

  private Evaluator.Result evaluate(
      Map<HookPoint, Matrix> sites,
      Map<HookPoint, Matrix> freshSites,
      Targets labels,
      Decoder decoder,
      int refits,
      List<String> splits) {
    List<Example> examples = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      examples.add(new TextOnly("r" + row, "a prompt " + "x".repeat(row % 7)));
    }
    LabelledStudy study =
        new LabelledStudy(
            "data",
            DataSource.of(Path.of("rows")),
            examples,
            Optional.of(labels),
            groups,
            Optional.empty(),
            List.of());
    EvaluationPart settings = new EvaluationPart(5, 4, 99, refits, 200, 3, true);
    Matrix nothing = Matrix.zeros(Matrix.Type.FLOAT32, ROWS, 2);
    return new Evaluator(study, settings, new Seeds(7), new PlainLinearAlgebra(), Progress.NONE)
        .evaluate(
            new Evaluator.Input(
                sites,
                freshSites,
                List.of(),
                Map.of("means", decoder),
                nothing,
                nothing,
                List.of("length"),
                splits));
  }

  /** Noise at one site; noise and a shift along one axis for the positive class at another. */
  private Map<HookPoint, Matrix> sites(double shift) {
    RandomGenerator random = new Seeds(11).random("sites");
    Map<HookPoint, Matrix> sites = new LinkedHashMap<>();
    for (HookPoint point : List.of(EMPTY, PLANTED)) {
      Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, ROWS, WIDTH);
      for (int row = 0; row < ROWS; row++) {
        for (int c = 0; c < WIDTH; c++) {
          boolean planted = point.equals(PLANTED) && c == 4 && targets.positive(row);
          matrix.set(row, c, random.nextGaussian() + (planted ? shift : 0));
        }
      }
      sites.put(point, matrix);
    }
    return sites;
  }

  private static List<String> groups() {
    List<String> groups = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      groups.add("g" + row % GROUPS);
    }
    return groups;
  }

  private static Targets targets() {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      positive[row] = row % GROUPS % 2 == 0;
    }
    return Targets.binary(positive, "reasoning", "memory");
  }

  private static double value(Evaluator.Result result, String name) {
    return value(result, name, m -> true);
  }

  private static double value(Evaluator.Result result, String name, HookPoint point) {
    return value(
        result,
        name,
        m ->
            "grouped".equals(m.where().get("split"))
                && m.where().get("layer").equals(point.layer().getAsInt()));
  }

  private static double value(
      Evaluator.Result result, String name, java.util.function.Predicate<Metric> which) {
    return result.metrics().stream()
        .filter(m -> m.name().equals(name))
        .filter(which)
        .findFirst()
        .orElseThrow()
        .value()
        .orElseThrow();
  }

  /** A difference of class means, written without linear algebra. */
  private record Means(boolean closedForm) implements Decoder {
    @Override
    public Scorer fit(Design train, Targets labels) {
      double[] difference = new double[train.columns()];
      double[] row = new double[train.columns()];
      for (int r = 0; r < train.rows(); r++) {
        train.copyRow(r, row);
        double weight = labels.value(r) - labels.mean();
        for (int c = 0; c < row.length; c++) {
          difference[c] += weight * row[c];
        }
      }
      return Scorer.linear(difference, 0);
    }
  }
}
