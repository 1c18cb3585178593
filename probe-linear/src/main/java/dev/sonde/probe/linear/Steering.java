package dev.sonde.probe.linear;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The steering experiment: a direction fitted on some groups, its layer chosen on others, its
 * effect on the answers of the rest, beside directions that should do nothing.
 */
final class Steering {
  private final ProbeContext context;
  private final SteerSettings settings;
  private final Evaluation evaluation;
  private final Targets targets;
  private final Selector selector;

  Steering(ProbeContext context, SteerSettings settings, Evaluation evaluation, Targets targets) {
    this.context = context;
    this.settings = settings;
    this.evaluation = evaluation;
    this.targets = targets;
    this.selector = settings.everyToken() ? Selector.all() : Selector.last();
  }

  /** Runs and reports it; where it cannot be run, a note says why. */
  void run(Map<HookPoint, Matrix> captured) {
    Optional<String> lacking = lacking(context.model());
    if (lacking.isPresent()) {
      context.report().note("Steering was left out: " + lacking.get());
      return;
    }
    List<String> groups = context.study().groups();
    Optional<SteeringSplit> parts =
        SteeringSplit.of(groups, targets, evaluation.folds(), context.random("steering parts"));
    if (parts.isEmpty()) {
      context
          .report()
          .note(
              "Steering was left out: it needs groups of both labels for fitting, for the choice of"
                  + " a layer and for the report, at least three of each label.");
      return;
    }
    int[] fit = parts.get().fit();
    List<Source> candidates =
        Source.candidates(captured, targets, groups, fit, context.linearAlgebra());
    if (candidates.isEmpty()) {
      context.report().note("Steering was left out: no hook point of a block has a direction.");
      return;
    }
    steer(parts.get(), candidates);
  }

  private Optional<String> lacking(Model model) {
    Capabilities can = model.capabilities();
    for (Dose dose : settings.doses()) {
      if (!can.interventions().contains(dose.mode().kind())) {
        return Optional.of(
            "the backend does not know the intervention %s; another one may (--backend pytorch)."
                .formatted(dose.mode().kind()));
      }
    }
    if (!can.supports(HookPoint.LOG_PROB)) {
      return Optional.of("the backend gives no log-probabilities.");
    }
    boolean declared =
        context.study().examples().stream().anyMatch(row -> row.has(settings.target()));
    return declared || can.generates()
        ? Optional.empty()
        : Optional.of(
            "rows have no column '%s' and the backend does not generate."
                .formatted(settings.target()));
  }

  private void steer(SteeringSplit parts, List<Source> candidates) {
    Model model = context.model();
    Study study = context.study();
    List<String> groups = study.groups();
    int[] validation =
        SteeringSplit.atMost(settings.controlRows(), parts.validation(), groups, targets);
    int[] reported = SteeringSplit.atMost(settings.rows(), parts.reported(), groups, targets);
    int[] few = SteeringSplit.atMost(settings.controlRows(), reported, groups, targets);
    AnswerTokens tokens =
        AnswerTokens.of(
            model,
            study,
            IntStream.concat(IntStream.of(validation), IntStream.of(reported)).toArray(),
            settings.target());
    int blocks = model.info().layers();

    SteeringTrial choosing = trial(tokens, validation);
    Source source = Source.best(candidates, choosing, settings, targets, blocks);
    List<HookPoint> points = source.points(settings.everyBlock(), blocks);
    Steer direction = Steer.along(source.direction());
    Effects.Cell headline = choosing.steered(direction, settings.doses(), points).largest(targets);

    SteeringTrial reporting = trial(tokens, reported);
    SteeringTrial testing = trial(tokens, few);
    List<double[]> states = testing.states(source.point());
    Effects ofDirection = reporting.steered(direction, settings.doses(), points);
    Effects ofControl = reporting.steered(source.control(states), settings.doses(), points);
    double statistic = testing.steered(direction, settings.doses(), points).statistic(targets);
    NullTest random = test("random directions", testing, source, states, points, statistic, true);
    NullTest exchanged =
        test("exchanged labels", testing, source, states, points, statistic, false);

    SteeringReport report =
        new SteeringReport(context.report(), evaluation, targets, source.point(), ofDirection);
    report.everything(
        reporting.unsteered(),
        ofControl,
        random,
        exchanged,
        neutral(direction, points, few),
        headline,
        tokens);
    answers(report, reported, direction, source.control(states), points);
  }

  /** Where rows say what they accept and the backend generates, whole answers are judged too. */
  private void answers(
      SteeringReport report,
      int[] reported,
      Steer direction,
      Steer control,
      List<HookPoint> points) {
    int[] answerable = settings.answers().answerable(context.study(), reported);
    if (answerable.length == 0 || !context.model().capabilities().generates()) {
      return;
    }
    int[] rows =
        SteeringSplit.atMost(
            settings.answers().rows(), answerable, context.study().groups(), targets);
    Accuracy accuracy =
        new Accuracy(context.model(), context.study(), settings.answers(), rows, selector);
    context.progress("answers in full", 0, 1);
    report.answers(
        rows,
        accuracy.unsteered(),
        accuracy.steered(direction, settings.doses(), points),
        accuracy.steered(control, settings.doses(), points));
  }

  private SteeringTrial trial(AnswerTokens tokens, int[] rows) {
    return new SteeringTrial(context.model(), tokens, targets.size(), rows, selector);
  }

  private NullTest test(
      String what,
      SteeringTrial trial,
      Source source,
      List<double[]> states,
      List<HookPoint> points,
      double statistic,
      boolean isotropic) {
    RandomGenerator random = context.random("steering " + what);
    List<Steer> draws = new ArrayList<>();
    for (int draw = 0; draw < settings.draws(); draw++) {
      double[] drawn = isotropic ? source.nulls().random(random) : source.nulls().exchanged(random);
      draws.add(Steer.matched(drawn, source.direction(), states));
    }
    List<Effects> effects =
        trial.steered(
            draws,
            settings.doses(),
            points,
            done -> context.progress("steering along " + what, done, draws.size()));
    return new NullTest(statistic, effects);
  }

  /** Per dose, the mean change of the log-probability of a token of neutral text, in nats. */
  private double[] neutral(Steer direction, List<HookPoint> points, int[] rows) {
    Stream<Example> examples =
        settings.neutral().isPresent()
            ? context.study(settings.neutral().get()).examples().stream()
                .limit(settings.controlRows())
            : IntStream.of(rows).mapToObj(context.study().examples()::get);
    List<int[]> texts =
        examples
            .map(example -> AnswerTokens.prompt(context.model().tokenizer(), example))
            .filter(text -> text.length > 1)
            .toList();
    List<Sequence> sequences = new ArrayList<>();
    texts.forEach(text -> sequences.add(Sequence.builder(text).scoreFrom(1).build()));
    for (Dose dose : settings.doses()) {
      var interventions = dose.along(direction, points, Selector.all());
      texts.forEach(
          text ->
              sequences.add(Sequence.builder(text).scoreFrom(1).intervene(interventions).build()));
    }
    double[][] scores = context.model().logProbabilities(sequences);
    double[] means = new double[settings.doses().size() + 1];
    for (int run = 0; run < means.length; run++) {
      means[run] =
          Arrays.stream(scores, run * texts.size(), (run + 1) * texts.size())
              .flatMapToDouble(Arrays::stream)
              .average()
              .orElse(Double.NaN);
    }
    return Arrays.stream(means, 1, means.length).map(mean -> mean - means[0]).toArray();
  }
}
