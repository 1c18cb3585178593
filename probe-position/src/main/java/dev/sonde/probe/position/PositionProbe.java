package dev.sonde.probe.position;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.probe.position.atlas.Atlas;
import dev.sonde.probe.position.atlas.PatternShard;
import dev.sonde.probe.position.atlas.Repeats;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.estimate.AxisFits;
import dev.sonde.probe.position.estimate.LogitCheck;
import dev.sonde.probe.position.estimate.Survey;
import dev.sonde.probe.position.estimate.SurveyShard;
import dev.sonde.probe.position.perturb.Effect;
import dev.sonde.probe.position.perturb.FirstOrder;
import dev.sonde.probe.position.perturb.LongContexts;
import dev.sonde.probe.position.perturb.Perturbation;
import dev.sonde.probe.position.perturb.PerturbationCosts;
import dev.sonde.probe.position.perturb.PerturbationSettings;
import dev.sonde.probe.position.perturb.Perturbations;
import dev.sonde.probe.position.perturb.PerturbedShard;
import dev.sonde.probe.position.perturb.Swaps;
import dev.sonde.probe.position.read.Applicability;
import dev.sonde.probe.position.read.NamedModels;
import dev.sonde.probe.position.read.Text;
import dev.sonde.probe.position.read.TextShard;
import dev.sonde.probe.position.read.Windows;
import dev.sonde.probe.position.report.AtlasFigures;
import dev.sonde.probe.position.report.Conclusions;
import dev.sonde.probe.position.report.Figures;
import dev.sonde.probe.position.report.LengthFigures;
import dev.sonde.probe.position.report.PerturbationFigure;
import dev.sonde.probe.position.report.RecoveryFigures;
import dev.sonde.probe.position.report.SurveyMetrics;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The position probe: every head of the model, and of the same model with weights drawn afresh, on
 * every text; what perturbations do to both; and what it amounts to in words.
 */
final class PositionProbe implements Probe {
  private static final String AXES = "axes";
  private static final String HEADS = "heads";

  /** Relative, of a head's scores: what float32 leaves, with an order of magnitude to spare. */
  private static final double LARGEST_ERROR = 1e-4;

  private static final String EVIDENCE =
      "After Han and Ji 2025 (arXiv 2503.13305). Its text and code were not at hand: the estimators E1 to E4, the bound and the perturbations are reconstructions, derived and checked numerically, not the paper's procedures; its 0.959 is of a model and a rule of averaging that are not known here.";

  private final PositionSettings settings;

  PositionProbe(PositionSettings settings) {
    this.settings = settings;
  }

  @Override
  public Needs needs(Inputs inputs) {
    Model model = inputs.model();
    int window = settings.window();
    int texts =
        Windows.cut(inputs.study(), model.tokenizer(), window, settings.texts(), settings.scored())
            .texts()
            .size();
    List<Text> longTexts = longTexts(inputs);
    PerturbationCosts costs =
        new PerturbationCosts(
            settings.perturbations(), texts, longTexts.size(), LongContexts.length(longTexts));
    long surveyed = (long) texts * window;
    long looked = surveyed + (long) Repeats.TEXTS * window;
    long checked = (checksLogits(model) ? 2L : 1L) * window;
    long others = surveyed + looked + checked;
    return Needs.none()
        .runs(others + costs.tokens(model, true))
        .expects(others + costs.expected(model, true))
        .backward(costs.backward(model))
        .withControl(surveyed + checked + costs.tokens(model, false));
  }

  /** Texts for longer contexts; none where they are not asked for. */
  private List<Text> longTexts(Inputs inputs) {
    PerturbationSettings perturbed = settings.perturbations();
    Model model = inputs.model();
    int trained = perturbed.trained(model.capabilities().longestContext());
    return perturbed.asks(Perturbation.LENGTH) || perturbed.asks(Perturbation.PASSKEY)
        ? LongContexts.texts(
            inputs.study(), model.tokenizer(), trained, perturbed.longTexts(), settings.scored())
        : List.of();
  }

  private static boolean checksLogits(Model model) {
    return model.capabilities().supports(HookPoint.of(0, HookPoint.SCORES));
  }

  @Override
  public void run(ProbeContext context) {
    Applicability.check(context.model(), settings.window());
    Windows windows =
        Windows.of(
            context.study(),
            context.model().tokenizer(),
            settings.window(),
            settings.texts(),
            settings.scored());
    SequencedMap<String, Model> models = NamedModels.of(context);
    List<AttentionBlock> blocks = blocks(context);
    List<int[]> shuffles = shuffles(context, windows.texts().size());
    ClusterBootstrap bootstrap =
        new ClusterBootstrap(
            Groups.ofSingleRows(windows.texts().size()),
            context.bootstrapDraws(),
            context.random("bootstrap"));
    context.stage(AXES, AxisFits.VERSION, () -> AxisFits.solve(blocks, context.linearAlgebra()));
    List<Survey> surveys = surveys(context, models, blocks, windows.texts());
    surveys.forEach(survey -> requireAny(survey, context));
    models.forEach(
        (name, model) -> check(context, name, model, blocks, windows.texts().getFirst().ids()));
    saveTexts(context, "texts", windows.texts());
    List<Text> longTexts = longTexts(context);
    if (!longTexts.isEmpty()) {
      saveTexts(context, "long_texts", longTexts);
    }
    Perturbations perturbations = perturbations(context, windows, shuffles);
    Perturbations.Outcome outcome = perturbations.of(models);
    perturbations.remark(context.report());
    Atlas atlas =
        Atlas.of(context, models.firstEntry().getKey(), context.model().info(), windows.texts());
    Conclusions findings = new Conclusions(surveys, heads(context), outcome, atlas);
    report(context, surveys, outcome, atlas, bootstrap, windows, findings);
  }

  @Override
  public Artifact shard(String stage, Artifact input, ShardContext context) {
    return switch (stage) {
      case HEADS ->
          SurveyShard.of(input, context, blocks(context), fits(context), settings.first());
      case Perturbations.STAGE, Perturbations.HEADS ->
          PerturbedShard.of(
              input, context, settings.perturbations(), blocks(context), fits(context));
      case PatternShard.STAGE, PatternShard.REPEATED ->
          PatternShard.of(input, context, blocks(context));
      case FirstOrder.STAGE ->
          FirstOrder.of(input, context, blocks(context), fits(context), settings.first());
      default -> Probe.super.shard(stage, input, context);
    };
  }

  private static ClusterBootstrap heads(ProbeContext context) {
    ModelInfo info = context.model().info();
    return new ClusterBootstrap(
        Groups.ofSingleRows(info.layers() * info.heads()),
        context.bootstrapDraws(),
        context.random("bootstrap heads"));
  }

  private AxisFits fits(ShardContext context) {
    return AxisFits.of(blocks(context), context.result(AXES));
  }

  private List<AttentionBlock> blocks(ShardContext context) {
    return AttentionBlock.all(
        context.model().info(), settings.window(), settings.first(), settings.slowAngle());
  }

  /** Every model on all texts. */
  private static List<Survey> surveys(
      ProbeContext context,
      SequencedMap<String, Model> models,
      List<AttentionBlock> blocks,
      List<Text> texts) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    for (String model : models.keySet()) {
      for (TextShard shard : TextShard.cut(model, texts)) {
        inputs.put(shard.name(), shard.input());
      }
    }
    SequencedMap<String, Artifact> shards = context.shards(HEADS, Survey.VERSION, inputs);
    List<Survey> surveys = new ArrayList<>();
    models.forEach(
        (name, model) -> {
          List<Artifact> own =
              shards.entrySet().stream()
                  .filter(shard -> TextShard.isOf(name, shard.getKey()))
                  .map(Map.Entry::getValue)
                  .toList();
          surveys.add(Survey.of(name, model.info(), blocks, own));
        });
    return surveys;
  }

  /** The texts as they were run, from which the figures can be computed again. */
  private void saveTexts(ProbeContext context, String name, List<Text> texts) {
    double[][] ids =
        texts.stream()
            .map(text -> Arrays.stream(text.ids()).asDoubleStream().toArray())
            .toArray(double[][]::new);
    double[][] scored =
        texts.stream()
            .map(
                text ->
                    IntStream.range(0, text.length())
                        .mapToDouble(token -> text.scored()[token] ? 1 : 0)
                        .toArray())
            .toArray(double[][]::new);
    Map<String, Matrix> tensors = new LinkedHashMap<>();
    tensors.put("token_ids", Matrix.of(Matrix.Type.FLOAT64, ids));
    tensors.put("scored", Matrix.of(Matrix.Type.FLOAT64, scored));
    tensors.put("first", Matrix.of(Matrix.Type.FLOAT64, new double[][] {{settings.first()}}));
    context.saveTensors(name, tensors, Map.of("format", "sonde-texts-1"));
  }

  /** Logits against the model's own scores, where the backend shows them. */
  private void check(
      ProbeContext context, String name, Model model, List<AttentionBlock> blocks, int[] text) {
    if (!checksLogits(model)) {
      return;
    }
    double worst =
        context
            .stage(
                "logits-" + name,
                LogitCheck.VERSION,
                () -> LogitCheck.of(model, context.linearAlgebra(), blocks, text, settings.first()))
            .tensor(LogitCheck.WORST)
            .get(0, 0);
    context.report().metric(Metric.of("logits.error", worst).where("model", name));
    if (worst > LARGEST_ERROR) {
      context
          .report()
          .note(
              "%s: logits computed from queries and keys differ from the model's own scores by up to %.1e of their length; the figures are of the former."
                  .formatted(name, worst));
    }
  }

  private Perturbations perturbations(ProbeContext context, Windows windows, List<int[]> shuffles) {
    return new Perturbations(
        settings.perturbations(), context, windows.texts(), longTexts(context), shuffles);
  }

  private void report(
      ProbeContext context,
      List<Survey> surveys,
      Perturbations.Outcome outcome,
      Atlas atlas,
      ClusterBootstrap bootstrap,
      Windows windows,
      Conclusions findings) {
    Report report = context.report();
    report.question(
        "Is what attention looks at the sum of where a token stands and of what it means?");
    findings.claims().forEach(report::claim);
    findings.metrics().forEach(report::metric);
    findings.sentences().forEach(report::note);
    report.note(EVIDENCE);
    report.note(windows.remark(settings.window(), settings.texts()));
    Applicability.remarks(context.model(), settings.window()).forEach(report::note);
    surveys.forEach(survey -> new SurveyMetrics(survey, bootstrap, report).write());
    report.metric(Metric.of("texts", windows.texts().size()).unit("texts"));
    List<Effect> effects = outcome.effects();
    effects.forEach(effect -> report.metric(effect.metric()));
    LengthFigures.metrics(outcome.curves()).forEach(report::metric);
    outcome.passkeys().forEach(report::metric);
    atlas.metrics().forEach(report::metric);
    Survey main = surveys.getFirst();
    report.figure(AtlasFigures.map(atlas, main, outcome.substituted()));
    report.table(AtlasFigures.table(atlas, main, outcome.substituted()));
    Stream.concat(
            RecoveryFigures.all(outcome.substituted()).stream(),
            Stream.of(
                Figures.correlations(surveys),
                Figures.gains(surveys),
                Figures.distances(surveys),
                Figures.planes(surveys, settings.window(), settings.slowAngle()),
                PerturbationFigure.of(effects, settings.window()),
                Figures.lengths(effects),
                LengthFigures.curves(outcome.curves()),
                LengthFigures.passkeys(outcome.passkeys())))
        .filter(figure -> !Figures.isEmpty(figure))
        .forEach(report::figure);
    new ShownHeads(context, settings, windows.texts().getFirst())
        .report(main, outcome.substituted());
  }

  /** Per text an order of its keys. */
  private List<int[]> shuffles(ProbeContext context, int texts) {
    RandomGenerator random = context.random("shuffled keys");
    return IntStream.range(0, texts)
        .mapToObj(text -> Swaps.shuffled(random, settings.window() - settings.first()))
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
