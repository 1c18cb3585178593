package dev.sonde.probe.position;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The position probe: every head of the model, and of the same model with weights drawn afresh, on
 * every text; what perturbations do to both; and what it amounts to in words.
 */
final class PositionProbe implements Probe {
  private static final String TRAINED = "trained";
  private static final String RANDOM_INIT = "random_init";

  /** Relative, of a head's scores: what float32 leaves, with an order of magnitude to spare. */
  private static final double LARGEST_ERROR = 1e-4;

  private static final String EVIDENCE =
      "After Han and Ji 2025 (arXiv 2503.13305). Its text and code were not at hand: the estimators E1 to E4, the bound and the perturbations are reconstructions, derived and checked numerically, not the paper's procedures; its 0.959 is of a model and a rule of averaging that are not known here.";

  private final Setup setup;

  PositionProbe(Setup setup) {
    this.setup = setup;
  }

  @Override
  public Needs needs(Inputs inputs) {
    ModelInfo model = inputs.model().info();
    long perturbed = setup.perturbations().size() * setup.budget() / Math.max(1, model.layers());
    return Needs.builder()
        .control()
        .runs((long) setup.texts() * setup.window() + perturbed)
        .build();
  }

  @Override
  public void run(ProbeContext context) {
    Applicability.check(context.model(), setup.window());
    Windows windows =
        Windows.of(context.study(), context.model().tokenizer(), setup.window(), setup.texts());
    Map<String, Model> models = models(context);
    LinearAlgebra algebra = context.linearAlgebra();
    Survey.Settings settings = new Survey.Settings(setup.first(), setup.slowAngle());
    List<Block> blocks = Survey.blocks(context.model().info(), algebra, setup.window(), settings);
    List<int[]> shuffles = shuffles(context, windows.texts().size());
    ClusterBootstrap bootstrap =
        new ClusterBootstrap(
            Groups.ofSingleRows(windows.texts().size()),
            context.bootstrapDraws(),
            context.random("bootstrap"));
    List<Survey> surveys = new ArrayList<>();
    models.forEach(
        (name, model) -> {
          int all = model.info().layers() * windows.texts().size();
          surveys.add(
              Survey.of(
                  name,
                  model,
                  algebra,
                  blocks,
                  windows.texts(),
                  shuffles,
                  settings,
                  done -> context.progress("heads, " + name, done, all)));
        });
    surveys.forEach(survey -> requireAny(survey, context));
    models.forEach((name, model) -> check(context, name, model, blocks, windows.texts()));
    saveTexts(context, windows.texts());
    List<Effect> effects = effects(context, models, windows, blocks, shuffles);
    report(context, surveys, effects, bootstrap, windows);
  }

  /** The texts as they were run, from which the figures can be computed again. */
  private void saveTexts(ProbeContext context, List<int[]> texts) {
    double[][] ids =
        texts.stream()
            .map(text -> Arrays.stream(text).asDoubleStream().toArray())
            .toArray(double[][]::new);
    Map<String, Matrix> tensors = new LinkedHashMap<>();
    tensors.put("token_ids", Matrix.of(Matrix.Type.FLOAT64, ids));
    tensors.put("first", Matrix.of(Matrix.Type.FLOAT64, new double[][] {{setup.first()}}));
    context.saveTensors("texts", tensors, Map.of("format", "sonde-texts-1"));
  }

  /** Logits against the model's own scores, where the backend shows them. */
  private void check(
      ProbeContext context, String name, Model model, List<Block> blocks, List<int[]> texts) {
    if (!model.capabilities().supports(HookPoint.of(0, HookPoint.SCORES))) {
      return;
    }
    double worst =
        LogitCheck.worst(model, context.linearAlgebra(), blocks, texts.getFirst(), setup.first());
    context.report().metric(Metric.of("logits.error", worst).where("model", name));
    if (worst > LARGEST_ERROR) {
      context
          .report()
          .note(
              "%s: logits computed from queries and keys differ from the model's own scores by up to %.1e of their length; the figures are of the former."
                  .formatted(name, worst));
    }
  }

  private List<Effect> effects(
      ProbeContext context,
      Map<String, Model> models,
      Windows windows,
      List<Block> blocks,
      List<int[]> shuffles) {
    Model main = context.model();
    int trained = setup.trainedLength().orElse(main.capabilities().longestContext());
    List<int[]> longTexts =
        setup.asks(Kind.LENGTH)
            ? Lengths.texts(context.study(), main.tokenizer(), trained, setup.longTexts())
            : List.of();
    Perturbations perturbations =
        new Perturbations(setup, context, windows.texts(), longTexts, blocks, shuffles);
    List<Effect> effects = new ArrayList<>();
    models.forEach((name, model) -> effects.addAll(perturbations.of(name, model)));
    effects.addAll(perturbations.lengths(models.keySet().iterator().next(), main));
    perturbations.remark(context.report());
    return effects;
  }

  private void report(
      ProbeContext context,
      List<Survey> surveys,
      List<Effect> effects,
      ClusterBootstrap bootstrap,
      Windows windows) {
    Report report = context.report();
    Findings findings = new Findings(surveys, bootstrap, effects);
    findings.claims().forEach(report::metric);
    findings.sentences().forEach(report::note);
    report.note(EVIDENCE);
    report.note(windows.remark(setup.window(), setup.texts()));
    Applicability.remarks(context.model(), setup.window()).forEach(report::note);
    surveys.forEach(survey -> new SurveyMetrics(survey, bootstrap, report).write());
    report.metric(Metric.of("texts", windows.texts().size()).unit("texts"));
    effects.forEach(effect -> report.metric(effect.metric()));
    Stream.of(
            Figures.gains(surveys),
            Figures.correlations(surveys),
            Figures.distances(surveys),
            Figures.planes(surveys, setup.window(), setup.slowAngle()),
            Figures.fractions(effects),
            Figures.lengths(effects))
        .filter(figure -> !Figures.isEmpty(figure))
        .forEach(report::figure);
  }

  /** The model and its control; a model that has fresh weights itself is measured alone. */
  private static Map<String, Model> models(ProbeContext context) {
    Map<String, Model> models = new LinkedHashMap<>();
    if (context.control().isPresent()) {
      models.put(TRAINED, context.model());
      models.put(RANDOM_INIT, context.control().get());
    } else {
      models.put(RANDOM_INIT, context.model());
    }
    return models;
  }

  /** Per text an order of its keys. */
  private List<int[]> shuffles(ProbeContext context, int texts) {
    RandomGenerator random = context.random("shuffled keys");
    return IntStream.range(0, texts)
        .mapToObj(text -> Swaps.shuffled(random, setup.window() - setup.first()))
        .toList();
  }

  private static void requireAny(Survey survey, ProbeContext context) {
    int all = survey.layers() * survey.heads() * survey.texts();
    int missing = survey.missing();
    context
        .report()
        .metric(Metric.of("heads.skipped", missing).where("model", survey.name()).n(all));
    if (missing == all) {
      throw new InvalidInputException(
          "%s: no head gives finite logits that vary, on any text; its weights are damaged (NaN or infinite) or all zero: check the model's files with 'sonde doctor'"
              .formatted(survey.name()));
    }
    if (missing > 0) {
      context
          .report()
          .note(
              "%s: %d of %d heads × texts, in blocks %s, have queries or keys that are not finite, or logits that do not vary, and are left out; where the weights should be sound, check the model's files with 'sonde doctor'."
                  .formatted(survey.name(), missing, all, survey.damagedBlocks()));
    }
  }
}
