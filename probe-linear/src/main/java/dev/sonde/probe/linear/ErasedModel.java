package dev.sonde.probe.linear;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Evaluation.LabelErasure;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Selector;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.PairedFigures;
import dev.sonde.trials.Harm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The model runs with the label erased at every token, and answers: how often it is right with and
 * without, and what neutral text loses. Beside each erasure as many random directions are projected
 * out, around the same mean.
 */
final class ErasedModel {
  private static final String RANDOM = "random";

  private final ProbeContext context;
  private final Asked asked;
  private final Targets targets;

  /**
   * What is looked at.
   *
   * @param neutral the data set of neutral text; empty: the prompts
   * @param texts most neutral texts
   * @param answers how whole answers are judged
   */
  record Asked(Optional<String> neutral, int texts, Accuracy.Asked answers) {}

  ErasedModel(ProbeContext context, Asked asked, Targets targets) {
    this.context = context;
    this.asked = asked;
    this.targets = targets;
  }

  /** A change of the model with its name in the report. */
  private record Way(String erase, String beside, HookPoint point, List<Intervention> changes) {
    Metric placed(Metric metric) {
      Metric at = metric.at(point).where("erase", erase);
      return beside.isEmpty() ? at : at.where("beside", beside);
    }
  }

  /** Runs the model with each erasure; nothing where there is none. */
  void report(Evaluation evaluation) {
    if (evaluation.erasures().isEmpty()) {
      return;
    }
    Capabilities can = context.model().capabilities();
    if (!can.interventions().contains(Intervention.ERASE) || !can.supports(HookPoint.LOG_PROB)) {
      context
          .report()
          .note(
              "The label was not erased from the running model: the backend does not know the intervention %s, or gives no log-probabilities."
                  .formatted(Intervention.ERASE));
      return;
    }
    RandomGenerator random = context.random("random directions erased");
    List<Way> ways = new ArrayList<>();
    for (LabelErasure erasure : evaluation.erasures()) {
      HookPoint point = erasure.point().place();
      ways.add(new Way(erasure.method(), "", point, changes(point, erasure)));
      ways.add(new Way(RANDOM, erasure.method(), point, changes(point, randomly(erasure, random))));
    }
    context.progress("neutral text with the label erased", 0, 1);
    neutral(ways);
    if (can.generates()) {
      answers(ways);
    }
  }

  private static List<Intervention> changes(HookPoint point, LabelErasure erasure) {
    return IntStream.range(0, erasure.read().size())
        .mapToObj(
            k ->
                Intervention.erase(
                    point,
                    Selector.all(),
                    floats(erasure.removed().get(k)),
                    floats(erasure.read().get(k)),
                    floats(erasure.mean())))
        .toList();
  }

  /** Random directions at right angles, as many as an erasure has. */
  static LabelErasure randomly(LabelErasure erasure, RandomGenerator random) {
    List<double[]> axes = new ArrayList<>();
    for (int k = 0; k < erasure.read().size(); k++) {
      double[] axis = new double[erasure.mean().length];
      Arrays.setAll(axis, c -> random.nextGaussian());
      for (double[] other : axes) {
        axis = Directions.without(axis, other);
      }
      double length = Directions.norm(axis);
      axes.add(Arrays.stream(axis).map(value -> value / length).toArray());
    }
    return new LabelErasure(RANDOM, erasure.point(), axes, axes, erasure.mean());
  }

  private void neutral(List<Way> ways) {
    List<int[]> texts = texts();
    if (texts.isEmpty()) {
      return;
    }
    Harm harm = Harm.of(context.model(), texts, ways.stream().map(Way::changes).toList());
    ClusterBootstrap ofTexts =
        new ClusterBootstrap(
            Groups.ofSingleRows(texts.size()),
            context.bootstrapDraws(),
            context.random("erased neutral texts"));
    for (int w = 0; w < ways.size(); w++) {
      Way way = ways.get(w);
      metric(way, "erased_model.loss", harm.estimate(w, ofTexts), texts.size());
      harm.drift(w, ofTexts)
          .ifPresent(drift -> metric(way, "erased_model.kl", drift, texts.size()));
    }
  }

  private void metric(Way way, String name, Estimate estimate, int count) {
    context
        .report()
        .metric(
            way.placed(
                Metric.of(name, estimate.value())
                    .interval(estimate.low(), estimate.high())
                    .n(count)));
  }

  private List<int[]> texts() {
    Study study = context.study();
    int[] all = IntStream.range(0, study.size()).toArray();
    Stream<Example> examples =
        asked
            .neutral()
            .map(set -> context.study(set).examples().stream().limit(asked.texts()))
            .orElseGet(
                () ->
                    Arrays.stream(SteeringSplit.atMost(asked.texts(), all, study.groups(), targets))
                        .mapToObj(study.examples()::get));
    return examples
        .map(example -> AnswerTokens.prompt(context.model().tokenizer(), example))
        .filter(text -> text.length > 1)
        .toList();
  }

  /** How often answers are accepted with and without, by label. */
  private void answers(List<Way> ways) {
    Study study = context.study();
    int[] all = IntStream.range(0, study.size()).toArray();
    int[] answerable = asked.answers().answerable(study, all);
    if (answerable.length == 0) {
      return;
    }
    int[] rows = SteeringSplit.atMost(asked.answers().rows(), answerable, study.groups(), targets);
    context.progress("answers with the label erased", 0, 1);
    Model model = context.model();
    Accuracy accuracy = new Accuracy(model, study, asked.answers(), rows, Selector.all());
    List<List<Intervention>> treatments = new ArrayList<>(List.of(List.of()));
    ways.forEach(way -> treatments.add(way.changes()));
    List<Accuracy.Answers> answers = accuracy.answers(treatments);
    boolean[] positive = new boolean[study.size()];
    boolean[] answered = new boolean[study.size()];
    IntStream.of(all).forEach(row -> positive[row] = targets.positive(row));
    IntStream.of(rows).forEach(row -> answered[row] = true);
    PairedFigures paired =
        new PairedFigures(
            Groups.of(study.groups()),
            positive,
            new int[study.size()],
            context.random("erased answers"));
    for (boolean label : new boolean[] {true, false}) {
      int count = (int) IntStream.of(rows).filter(row -> positive[row] == label).count();
      for (int w = 0; w < ways.size() && count > 0; w++) {
        PairedFigures.Pair pair =
            paired.share(
                answers.getFirst().right(),
                answers.get(w + 1).right(),
                row -> answered[row] && positive[row] == label);
        accuracy(ways.get(w), label, pair, count);
      }
    }
  }

  private void accuracy(Way way, boolean label, PairedFigures.Pair pair, int count) {
    String name = label ? targets.positiveName() : targets.negativeName();
    double before = pair.first().value();
    labelled(way, "erased_model.accuracy", pair.second(), name, before, count);
    labelled(way, "erased_model.accuracy_lost", pair.difference(), name, before, count);
  }

  private void labelled(
      Way way, String metric, Estimate estimate, String label, double before, int count) {
    context
        .report()
        .metric(
            way.placed(
                    Metric.of(metric, estimate.value()).interval(estimate.low(), estimate.high()))
                .where("label", label)
                .where("unerased", before)
                .n(count));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int c = 0; c < floats.length; c++) {
      floats[c] = (float) values[c];
    }
    return floats;
  }
}
