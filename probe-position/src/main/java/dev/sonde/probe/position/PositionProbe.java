package dev.sonde.probe.position;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Study;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The position probe: every head of the model, and of the same model with weights drawn afresh, on
 * every text; what perturbations do to both; and what it amounts to in words.
 */
final class PositionProbe implements Probe {
  private static final String TRAINED = "trained";
  private static final String RANDOM_INIT = "random_init";

  private final Setup setup;

  PositionProbe(Setup setup) {
    this.setup = setup;
  }

  @Override
  public Needs needs(ModelInfo model, Study study) {
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
    Resamples resamples =
        Resamples.of(context.random("bootstrap"), windows.texts().size(), setup.bootstrap());
    List<Survey> surveys = new ArrayList<>();
    models.forEach(
        (name, model) -> {
          int all = model.info().layers() * windows.texts().size();
          Survey survey =
              Survey.of(
                  name,
                  model,
                  algebra,
                  blocks,
                  windows.texts(),
                  shuffles,
                  settings,
                  done -> context.progress("heads, " + name, done, all));
          surveys.add(survey);
        });
    surveys.forEach(survey -> requireAny(survey, context));
    surveys.forEach(s -> new SurveyMetrics(s, resamples, context.report()).write());
    int trained = setup.trainedLength().orElse(context.model().capabilities().longestContext());
    Perturbations perturbations =
        new Perturbations(
            setup,
            context,
            windows.texts(),
            Lengths.texts(
                context.study(), context.model().tokenizer(), trained, setup.perturbedTexts()),
            blocks,
            shuffles);
    List<Effect> effects = new ArrayList<>();
    models.forEach((name, model) -> effects.addAll(perturbations.of(name, model)));
    String main = models.keySet().iterator().next();
    effects.addAll(perturbations.lengths(main, context.model()));
    effects.forEach(effect -> context.report().metric(effect.metric()));
    perturbations.remark(context.report());
    context.report().metric(Metric.of("texts", windows.texts().size()).unit("texts"));
    context.report().note(windows.remark(setup.window(), setup.texts()));
    Applicability.remarks(context.model(), setup.window()).forEach(context.report()::note);
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
              "%s: %d of %d heads × texts have queries or keys that are not finite, or logits that do not vary, and are left out."
                  .formatted(survey.name(), missing, all));
    }
  }
}
