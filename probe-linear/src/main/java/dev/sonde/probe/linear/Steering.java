package dev.sonde.probe.linear;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Selector;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.SignFlips;
import dev.sonde.trials.Harm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The steering experiment: a direction fitted on some groups, its layer chosen on others, its
 * effect on the answers of the rest, beside directions that should do nothing.
 */
final class Steering {
  /** Patterns of signs that a paired difference is held against. */
  private static final int SIGN_PATTERNS = 4095;

  private final ProbeContext context;
  private final SteerSettings settings;
  private final Evaluation evaluation;
  private final Targets targets;
  private final Selector selector;
  private final ModelComparison models;

  Steering(
      ProbeContext context,
      SteerSettings settings,
      Evaluation evaluation,
      Targets targets,
      ModelComparison models) {
    this.context = context;
    this.models = models;
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
    List<int[]> neutral = neutral(validation, few);
    int half = neutral.size() / 2;
    Effects.Cell headline =
        choosing
            .steered(direction, settings.doses(), points)
            .strongest(targets, choosable(harm(neutral.subList(0, half), direction, points)));

    SteeringTrial reporting = trial(tokens, reported);
    SteeringTrial testing = trial(tokens, few);
    List<double[]> states = testing.states(source.point());
    Effects ofDirection = reporting.steered(direction, settings.doses(), points);
    Effects ofControl = reporting.steered(source.control(states), settings.doses(), points);
    List<Dose> chosen = List.of(settings.doses().get(headline.dose()));
    Effects.Cell alone = new Effects.Cell(0, headline.positive());
    double observed = testing.steered(direction, chosen, points).meanAsExpected(targets, alone);
    NullTests tests = new NullTests(context, settings, testing, source, states, points, observed);
    DirectionTest random =
        tests.of("random directions", source.nulls()::random, settings.doses(), headline);
    DirectionTest exchanged =
        tests.of("exchanged labels", source.nulls()::exchanged, chosen, alone);
    Harm harm = harm(neutral.subList(half, neutral.size()), direction, points);
    ClusterBootstrap ofTexts =
        new ClusterBootstrap(
            Groups.ofSingleRows(neutral.size() - half),
            context.bootstrapDraws(),
            context.random("steering neutral texts"));

    SteeringReport report =
        new SteeringReport(context.report(), evaluation, targets, source.point(), ofDirection);
    report.everything(reporting.unsteered(), ofControl, random, exchanged, harm, ofTexts, tokens);
    context
        .report()
        .claim(
            new SteeringClaim(
                    evaluation,
                    targets,
                    source.point(),
                    ofDirection,
                    ofControl,
                    headline,
                    random,
                    exchanged,
                    new SteeringClaim.Damage(
                        harm.estimate(headline.dose(), ofTexts),
                        harm.drift(headline.dose(), ofTexts),
                        settings.harm(),
                        lostQuestions(direction, settings.doses().get(headline.dose()), points),
                        settings.guardLoss()))
                .evidence());
    answers(report, reported, direction, source.control(states), points);
    new ComparedSteering(context, targets, models.settings())
        .report(
            models.comparisons(),
            new ComparedSteering.Steered(
                tokens,
                reported,
                selector,
                source.direction(),
                points,
                reporting,
                ofDirection,
                headline),
            this::lacking);
  }

  /** Doses that add, where there are any, and cost neutral text no more than is allowed. */
  private boolean[] choosable(Harm harm) {
    boolean[] harmless = harm.within(settings.harm());
    boolean[] adding = new boolean[harmless.length];
    boolean[] both = new boolean[harmless.length];
    for (int dose = 0; dose < both.length; dose++) {
      adding[dose] = settings.doses().get(dose).mode() == Dose.Mode.ADD;
      both[dose] = harmless[dose] && adding[dose];
    }
    return IntStream.range(0, both.length).anyMatch(dose -> both[dose]) ? both : adding;
  }

  private Harm harm(List<int[]> texts, Steer direction, List<HookPoint> points) {
    return Harm.of(
        context.model(),
        texts,
        settings.doses().stream()
            .map(dose -> dose.along(direction, points, Selector.all()))
            .toList());
  }

  /** What a dose costs the questions of the guard; empty where there is none. */
  private Optional<Estimate> lostQuestions(Steer direction, Dose dose, List<HookPoint> points) {
    return settings
        .guard()
        .map(
            set -> {
              context.progress("choice questions", 0, 1);
              Study study = context.study(set);
              ChoiceGuard guard =
                  ChoiceGuard.of(
                      context.model(), study, settings.answers().column(), direction, dose, points);
              Estimate lost =
                  guard.lost(
                      new ClusterBootstrap(
                          Groups.of(study.groups()),
                          context.bootstrapDraws(),
                          context.random("steering choice questions")));
              context
                  .report()
                  .metric(
                      Metric.of("steer.guard_lost", lost.value())
                          .interval(lost.low(), lost.high())
                          .where("mode", dose.mode().word())
                          .where("alpha", dose.alpha())
                          .where("unsteered", guard.before())
                          .n(study.size()));
              return lost;
            });
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
        accuracy.steered(control, settings.doses(), points),
        this::exchangedSigns);
  }

  /** How often differences of groups with exchanged signs sum to as much, in either sense. */
  private double exchangedSigns(double[] differences) {
    double[] up = Arrays.stream(differences).map(each -> Double.isNaN(each) ? 0 : each).toArray();
    double[] down = Arrays.stream(up).map(each -> -each).toArray();
    Groups groups = Groups.of(context.study().groups());
    return Math.min(1, 2 * Math.min(p(up, groups), p(down, groups)));
  }

  private double p(double[] differences, Groups groups) {
    return SignFlips.of(
            differences, groups, SIGN_PATTERNS, context.random("signs of steered answers"))
        .p();
  }

  private SteeringTrial trial(AnswerTokens tokens, int[] rows) {
    return new SteeringTrial(context.model(), tokens, targets.size(), rows, selector);
  }

  /**
   * Tests of one cell against directions that should do nothing: at all doses where a figure shows
   * what they do, else at the dose of the cell.
   */
  private record NullTests(
      ProbeContext context,
      SteerSettings settings,
      SteeringTrial trial,
      Source source,
      List<double[]> states,
      List<HookPoint> points,
      double observed) {

    DirectionTest of(
        String what,
        Function<RandomGenerator, double[]> drawn,
        List<Dose> doses,
        Effects.Cell cell) {
      RandomGenerator random = context.random("steering " + what);
      List<Steer> draws = new ArrayList<>();
      for (int draw = 0; draw < settings.draws(); draw++) {
        draws.add(Steer.matched(drawn.apply(random), source.direction(), states));
      }
      List<Effects> effects =
          trial.steered(
              draws,
              doses,
              points,
              done -> context.progress("steering along " + what, done, draws.size()));
      return new DirectionTest(cell, observed, effects);
    }
  }

  /**
   * Neutral text, the first half for the choice of a dose, the other for the report: of the set
   * that the settings name, else the prompts of the rows for the choice and of those reported.
   */
  private List<int[]> neutral(int[] choice, int[] reported) {
    Stream<Example> examples =
        settings.neutral().isPresent()
            ? context.study(settings.neutral().get()).examples().stream()
                .limit(2L * settings.controlRows())
            : IntStream.concat(IntStream.of(choice), IntStream.of(reported))
                .mapToObj(context.study().examples()::get);
    return examples
        .map(example -> AnswerTokens.prompt(context.model().tokenizer(), example))
        .filter(text -> text.length > 1)
        .toList();
  }
}
