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
import dev.sonde.engine.evaluate.control.EvaluationInput;
import dev.sonde.engine.evaluate.control.FailedDecoder;
import dev.sonde.engine.evaluate.control.SetFeatures;
import dev.sonde.engine.evaluate.fit.DecoderFailure;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
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
    Evaluated result = evaluate(sites(3), targets);
    assertThat(result.best().choice().point()).isEqualTo(PLANTED);
    assertThat(value(result, "auroc", PLANTED)).isGreaterThan(0.95);
    assertThat(value(result, "auroc", EMPTY)).isCloseTo(0.5, within(0.2));
    assertThat(value(result, "auroc.nested")).isGreaterThan(0.95);
    assertThat(value(result, "p.max_over_layers")).isEqualTo(1.0 / 100);
    assertThat(value(result, "selectivity")).isGreaterThan(0.2);
    assertThat(value(result, "auroc.residualised")).isGreaterThan(0.9);
  }

  @Test
  void nothingIsFoundWhereNothingWasPlanted() {
    Evaluated result = evaluate(sites(0), targets);
    assertThat(value(result, "auroc.nested")).isCloseTo(0.5, within(0.25));
    assertThat(value(result, "p.max_over_layers")).isGreaterThan(0.05);
  }

  @Test
  void aModelWithFreshWeightsThatDoesAsWellIsSeenInTheMargin() {
    Evaluated same = evaluate(sites(3), targets);
    assertThat(value(same, "baseline.random_init")).isEqualTo(value(same, "auroc.nested"));
    assertThat(value(same, "auroc.margin")).isZero();
    Evaluated better = evaluate(sites(3), sites(0), targets, new Means(true), 0, List.of());
    assertThat(value(better, "baseline.random_init")).isLessThan(0.75);
    assertThat(value(better, "auroc.margin")).isGreaterThan(0.1);
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
    Evaluated result = evaluate(sites(3), Targets.real(graded));
    assertThat(result.best().choice().point()).isEqualTo(PLANTED);
    assertThat(value(result, "spearman.label", PLANTED)).isGreaterThan(0.5);
    assertThat(value(result, "pearson.label", PLANTED)).isGreaterThan(0.5);
    assertThat(value(result, "spearman.label.nested")).isGreaterThan(0.5);
    assertThat(value(result, "p.max_over_layers")).isLessThanOrEqualTo(0.05);
    assertThat(result.metrics()).noneMatch(m -> m.name().startsWith("auroc"));
  }

  @Test
  void everyGroupIsHeldOutAloneWhereThatIsAskedFor() {
    Evaluated result =
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
      if (metric.low().isPresent()) {
        assertThat(metric.value().orElseThrow())
            .isBetween(metric.low().getAsDouble(), metric.high().getAsDouble());
      }
    }
  }

  @Test
  void everyRowIsHeldOutOnceWithAScoreOfItsOwn() {
    Evaluation result = evaluation(sites(3), Map.of("means", new Means(true))).evaluation();
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
  void otherRowsOfTheSameExamplesAreScoredByWhatNeverSawTheirGroup() {
    Map<HookPoint, Matrix> own = sites(3);
    Evaluation result = evaluation(own, Map.of("means", new Means(true))).evaluation();
    Matrix rows = Objects.requireNonNull(own.get(PLANTED));
    double[] same = result.heldOutScores(new Evaluation.Choice("means", PLANTED));
    assertThat(result.heldOutScores("means", rows, rows)).containsExactly(same);
    Matrix doubled = Matrix.zeros(Matrix.Type.FLOAT32, ROWS, WIDTH);
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < WIDTH; c++) {
        doubled.set(row, c, 2 * rows.get(row, c));
      }
    }
    double[] carried = result.heldOutScores("means", rows, doubled);
    double bias = 2 * same[0] - carried[0];
    int[] folds = result.folds();
    for (int row = 0; row < ROWS; row++) {
      if (folds[row] == folds[0]) {
        assertThat(2 * same[row] - carried[row]).isCloseTo(bias, within(1e-4));
      }
    }
    assertThatThrownBy(() -> result.heldOutScores("other", rows, rows))
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
    Evaluated none = evaluate(sites(1), targets, new Means(false), 0);
    assertThat(none.notes()).anyMatch(note -> note.contains("No permutation test for means"));
    Evaluated some = evaluate(sites(1), targets, new Means(false), 95);
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

  @Test
  void aDecoderThatFailsInTheThirdFoldIsNamedAndTheOthersAreEvaluatedAsWithoutIt() {
    assertLeftOut(() -> new Breaking(2, false), "cross-validation");
  }

  @Test
  void aDecoderThatFailsOnExchangedLabelsOnlyIsNamedAndTheOthersAreEvaluatedAsWithoutIt() {
    assertLeftOut(() -> new Breaking(Integer.MAX_VALUE, true), "permutations");
  }

  /** What is found equals that without the decoder, in as many fits of the other. */
  private void assertLeftOut(Supplier<Decoder> breaking, String stage) {
    for (List<String> order : List.of(List.of("means", "breaking"), List.of("breaking", "means"))) {
      Counting alone = new Counting(new Means(true), new AtomicInteger());
      Counting counted = new Counting(new Means(true), new AtomicInteger());
      Map<String, Decoder> both = new LinkedHashMap<>();
      for (String name : order) {
        both.put(name, name.equals("means") ? counted : breaking.get());
      }
      Evaluator.Result without = evaluation(sites(2), Map.of("means", alone));
      Evaluator.Result with = evaluation(sites(2), both);
      assertThat(with.found().failed())
          .containsExactly(new FailedDecoder("breaking", stage, "it broke"));
      assertThat(with.found().notes())
          .first()
          .isEqualTo(
              "it broke (in: %s); the other decoders are evaluated without it".formatted(stage));
      assertThat(with.found().metrics().stream().map(EvaluatorTest::shown).toList())
          .isEqualTo(without.found().metrics().stream().map(EvaluatorTest::shown).toList());
      assertThat(counted.fits()).hasValue(alone.fits().get());
      assertThat(with.evaluation().bestOfEachDecoder())
          .containsExactly(new Evaluation.Choice("means", PLANTED));
      assertThatThrownBy(
              () -> with.evaluation().heldOutScores(new Evaluation.Choice("breaking", PLANTED)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String shown(Metric metric) {
    return metric.name() + metric.where() + metric.value() + metric.low() + metric.high();
  }

  @Test
  void whereEveryDecoderFailsAllFailuresAreSaid() {
    Map<String, Decoder> decoders = new LinkedHashMap<>();
    decoders.put("one", new Breaking(0, false));
    decoders.put("other", new Breaking(Integer.MAX_VALUE, true));
    assertThatThrownBy(() -> evaluation(sites(1), decoders))
        .isInstanceOf(DecoderFailure.class)
        .hasMessage("it broke; it broke");
  }

  @Test
  void aChoiceAmongDecodersIsMadeOnInnerFoldsOfThoseThatWork() {
    Map<String, Decoder> decoders = new LinkedHashMap<>();
    decoders.put("means", new Means(true));
    decoders.put("constant", (train, labels) -> Scorer.linear(new double[WIDTH], 0));
    Evaluator.Result result = evaluation(sites(3), decoders);
    assertThat(result.evaluation().bestOfEachDecoder())
        .extracting(Evaluation.Choice::decoder)
        .containsExactly("means", "constant");
    assertThat(value(result.found(), "auroc.nested")).isGreaterThan(0.95);
  }

  private Evaluated evaluate(Map<HookPoint, Matrix> sites, Targets labels) {
    return evaluate(sites, labels, new Means(true), 0);
  }

  private Evaluated evaluate(
      Map<HookPoint, Matrix> sites, Targets labels, Decoder decoder, int refits) {
    return evaluate(sites, sites, labels, decoder, refits, List.of("grouped", "rowwise"));
  }

  private Evaluated evaluate(
      Map<HookPoint, Matrix> sites,
      Map<HookPoint, Matrix> freshSites,
      Targets labels,
      Decoder decoder,
      int refits,
      List<String> splits) {
    return evaluation(sites, freshSites, labels, Map.of("means", decoder), refits, splits).found();
  }

  private Evaluator.Result evaluation(Map<HookPoint, Matrix> sites, Map<String, Decoder> decoders) {
    return evaluation(sites, sites, targets, decoders, 0, List.of("grouped", "rowwise"));
  }

  private Evaluator.Result evaluation(
      Map<HookPoint, Matrix> sites,
      Map<HookPoint, Matrix> freshSites,
      Targets labels,
      Map<String, Decoder> decoders,
      int refits,
      List<String> splits) {
    List<Example> examples = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      examples.add(new TextOnly("r" + row, "a prompt " + Integer.toString(7 + row * 977, 36)));
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
    return new Evaluator(settings, new Seeds(7), new PlainLinearAlgebra(), Progress.NONE)
        .evaluate(
            new EvaluationInput(
                new SetFeatures(study, sites),
                freshSites,
                List.of(),
                decoders,
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

  private static double value(Evaluated result, String name) {
    return value(result, name, m -> true);
  }

  private static double value(Evaluated result, String name, HookPoint point) {
    return value(
        result,
        name,
        m ->
            "grouped".equals(m.where().get("split"))
                && m.where().get("layer").equals(point.layer().getAsInt()));
  }

  private static double value(
      Evaluated result, String name, java.util.function.Predicate<Metric> which) {
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
      double mean = labels.mean();
      for (int r = 0; r < train.rows(); r++) {
        train.copyRow(r, row);
        double weight = labels.value(r) - mean;
        for (int c = 0; c < row.length; c++) {
          difference[c] += weight * row[c];
        }
      }
      return Scorer.linear(difference, 0);
    }
  }

  /** Fails at a later fit, or as soon as labels are exchanged. */
  private static final class Breaking implements Decoder {
    private final int fits;
    private final boolean whenExchanged;
    private int done;

    Breaking(int fits, boolean whenExchanged) {
      this.fits = fits;
      this.whenExchanged = whenExchanged;
    }

    @Override
    public boolean closedForm() {
      return true;
    }

    @Override
    public List<Scorer> fitAll(Design train, List<Targets> many) {
      if (done++ == fits || (whenExchanged && many.size() > 1)) {
        throw new DecoderFailure("it broke");
      }
      return Decoder.super.fitAll(train, many);
    }

    @Override
    public Scorer fit(Design train, Targets labels) {
      double[] first = new double[train.columns()];
      first[0] = 1;
      return Scorer.linear(first, 0);
    }
  }

  /** Counts what another is asked for. */
  private record Counting(Decoder counted, AtomicInteger fits) implements Decoder {
    @Override
    public boolean closedForm() {
      return counted.closedForm();
    }

    @Override
    public Scorer fit(Design train, Targets labels) {
      fits.incrementAndGet();
      return counted.fit(train, labels);
    }
  }
}
