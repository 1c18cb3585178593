package dev.sonde.probe.stepimportance.predict;

import dev.sonde.api.data.Example;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.learn.Features;
import dev.sonde.probe.stepimportance.learn.StepActivations;
import dev.sonde.probe.stepimportance.learn.StepCrossValidation;
import dev.sonde.probe.stepimportance.learn.StepReading;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether importance for the main model can be read off the states of a further one that is fed the
 * same chains.
 */
final class CrossModelPrediction {
  private final ProbeContext context;
  private final PredictionSettings settings;
  private final LabelledSteps steps;
  private final double[] scores;

  /**
   * A transfer of labels.
   *
   * @param scores the main model's, of held-out chains
   */
  CrossModelPrediction(
      ProbeContext context, PredictionSettings settings, LabelledSteps steps, double[] scores) {
    this.context = context;
    this.settings = settings;
    this.steps = steps;
    this.scores = scores.clone();
  }

  /** Trains on a further model's states, measures and reports. */
  void report(String name) {
    Model model = context.model(name);
    List<Optional<StepActivations.Place>> places = steps.inContext(model, specialTokens());
    int[] mapped =
        IntStream.range(0, places.size()).filter(row -> places.get(row).isPresent()).toArray();
    context
        .report()
        .metric(
            Metric.of("probe.unmapped", steps.size() - mapped.length)
                .where("model", name)
                .n(steps.size()));
    int[] rows = steps.balanced(mapped, context.random("balance/" + name));
    LabelledSteps kept = steps.at(rows);
    if (!settings.suffices(kept)) {
      context
          .report()
          .note("No transfer to %s: it leaves %d labelled steps.".formatted(name, kept.size()));
      return;
    }
    StepActivations activations =
        StepReading.of(
            context,
            "of-" + name,
            new StepReading.ReadingModel(StepReading.ModelRole.FURTHER, name),
            Arrays.stream(rows).mapToObj(row -> places.get(row).orElseThrow()).toList(),
            kept.cohorts(settings.cohort()));
    RandomGenerator seeds = context.random("probe/" + name);
    double[] transferred =
        new StepCrossValidation(context.linearAlgebra(), seeds::nextLong)
            .network(
                Features.standardised(settings.rows(activations)),
                kept.labels(),
                settings.folds("grouped", kept, context),
                settings.training());
    report(name, kept, rows, transferred);
  }

  /** Whether the tokenizer adds its special tokens to a chain's prompt. */
  private Predicate<Chain> specialTokens() {
    Set<String> plain =
        context.study().examples().stream()
            .filter(example -> settings.chat() || !example.specialTokens())
            .map(Example::id)
            .collect(Collectors.toSet());
    return chain -> !plain.contains(chain.id());
  }

  private void report(String name, LabelledSteps kept, int[] rows, double[] transferred) {
    boolean[] right = StepCrossValidation.right(transferred, kept.labels());
    boolean[] main = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      main[i] = scores[rows[i]] > 0;
    }
    boolean[] alike = StepCrossValidation.right(transferred, main);
    ClusterBootstrap bootstrap =
        new ClusterBootstrap(
            Groups.of(kept.groups()),
            context.bootstrapDraws(),
            context.random("bootstrap/" + name));
    Estimate accuracy = bootstrap.mean(StepCrossValidation.share(right));
    context
        .report()
        .metric(
            Metric.of("probe.accuracy", accuracy.value())
                .where("features", Advantages.FULL)
                .where("split", "grouped")
                .where("probe", settings.probe())
                .where("leaky", false)
                .where("model", name)
                .interval(accuracy.low(), accuracy.high())
                .n(rows.length));
    Estimate agreement = bootstrap.mean(StepCrossValidation.share(alike));
    context
        .report()
        .metric(
            Metric.of("probe.agreement", agreement.value())
                .where("model", name)
                .interval(agreement.low(), agreement.high())
                .n(rows.length));
  }
}
