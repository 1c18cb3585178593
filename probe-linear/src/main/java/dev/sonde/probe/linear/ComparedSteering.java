package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Selector;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.GroupJackknife;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.PairedFigures;
import dev.sonde.statistics.WeightedMean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The main model's direction steering further models: the same rows, tokens, doses and place, and
 * how large a dose has the effect that one has on the main model.
 */
final class ComparedSteering {
  private static final String QUESTION =
      "Does the main model's direction steer model '%s' as much?";

  private static final String SPEC =
      """
      {
        "width": "container", "height": 260,
        CONFIG,
        "data": {"name": "effects"},
        "encoding": {
          "x": {"field": "alpha", "type": "quantitative", "title": "alpha"},
          "y": {"field": "effect", "type": "quantitative",
                "title": "change of log-probability, nats"}
        },
        LAYERS
      }
      """;

  private final ProbeContext context;
  private final Targets targets;
  private final CompareSettings settings;
  private final Groups groups;
  private final PairedFigures paired;

  /**
   * What was done to the main model.
   *
   * @param rows those that are reported
   * @param effects of the direction on them
   * @param cell the dose and the label, chosen on other rows
   */
  record Steered(
      AnswerTokens tokens,
      int[] rows,
      Selector selector,
      double[] direction,
      List<HookPoint> points,
      SteeringTrial trial,
      Effects effects,
      Effects.Cell cell) {}

  ComparedSteering(ProbeContext context, Targets targets, CompareSettings settings) {
    this.context = context;
    this.targets = targets;
    this.settings = settings;
    this.groups = Groups.of(context.study().groups());
    int size = targets.size();
    this.paired =
        new PairedFigures(
            groups, new boolean[size], new int[size], context.random("compared steering"));
  }

  /**
   * Steers further models.
   *
   * @param lacking says what a model's backend lacks
   */
  void report(
      Map<String, Comparison> comparisons,
      Steered main,
      Function<Model, Optional<String>> lacking) {
    Map<String, Effects> all = new LinkedHashMap<>();
    all.put("main model", main.effects());
    for (Comparison comparison : comparisons.values()) {
      context.progress("steering further models", all.size() - 1, comparisons.size());
      Model model = context.model(comparison.model());
      Optional<String> lacks = lacking.apply(model);
      if (lacks.isPresent()) {
        comparison.note("it was not steered: " + lacks.get());
      } else if (!sameTokens(model, main)) {
        comparison.note("it was not steered, as its tokenizer reads the prompts otherwise.");
      } else {
        SteeringTrial trial =
            new SteeringTrial(model, main.tokens(), targets.size(), main.rows(), main.selector());
        Effects its =
            trial.steered(Steer.along(main.direction()), main.effects().doses(), main.points());
        all.put(comparison.model(), its);
        compare(comparison, main, trial, its);
      }
    }
    if (all.size() > 1) {
      context.report().figure(figure(all, main));
    }
  }

  private boolean sameTokens(Model model, Steered main) {
    return main.tokens().prompts().entrySet().stream()
        .allMatch(
            entry ->
                Arrays.equals(
                    entry.getValue(),
                    AnswerTokens.prompt(
                        model.tokenizer(), context.study().examples().get(entry.getKey()))));
  }

  private void compare(Comparison comparison, Steered main, SteeringTrial trial, Effects its) {
    Effects.Cell cell = main.cell();
    Dose dose = main.effects().doses().get(cell.dose());
    int[] rows = main.effects().rows(targets, cell.positive());
    boolean[] counted = new boolean[targets.size()];
    IntStream.of(rows).forEach(row -> counted[row] = true);
    String label = cell.positive() ? targets.positiveName() : targets.negativeName();
    PairedFigures.Pair effect =
        paired.mean(main.effects().asExpected(cell), its.asExpected(cell), row -> counted[row]);
    comparison.pair(
        "steer_effect",
        "effect of %s on answers of '%s' rows, nats".formatted(dose, label),
        effect,
        rows.length);
    if (main.tokens().compared()) {
      flips(comparison, main, trial, its);
    }
    dose(comparison, main.effects(), its, cell, rows);
    Metric lost =
        comparison.metric(
            "steer_effect_share_lost", shareLost(main, its, rows, effect.groups()), rows.length);
    context.report().metric(lost);
    if (effect.first().interval().low() > 0) {
      comparison.claimLoss(
          "steers",
          QUESTION,
          "share of the effect that is lost (%s, '%s' rows)".formatted(dose, label),
          lost,
          settings.effect(),
          CompareSettings.EFFECT,
          effect.groups());
    } else {
      comparison.claimUnknown(
          "steers",
          QUESTION,
          "the direction has no clear effect on the main model",
          "a direction that steers it");
    }
  }

  private void flips(Comparison comparison, Steered main, SteeringTrial trial, Effects its) {
    int dose = main.cell().dose();
    boolean[] counted = new boolean[targets.size()];
    IntStream.of(main.rows()).forEach(row -> counted[row] = true);
    double[] other = new double[targets.size()];
    int[] before = main.trial().chosen();
    int[] there = trial.chosen();
    for (int i = 0; i < before.length; i++) {
      other[main.rows()[i]] = before[i] == there[i] ? 0 : 1;
    }
    comparison.single(
        "option_flipped",
        "share of rows whose most probable answer of those offered is another",
        paired.share(other, other, row -> counted[row]).first(),
        main.rows().length);
    comparison.pair(
        "steer_flips",
        "share of answers that %s flips".formatted(main.effects().doses().get(dose)),
        paired.share(main.effects().flipped()[dose], its.flipped()[dose], row -> counted[row]),
        main.rows().length);
  }

  private void dose(
      Comparison comparison, Effects main, Effects its, Effects.Cell cell, int[] rows) {
    EqualDose equal = EqualDose.of(main.doses(), cell.dose());
    double[] wanted = main.asExpected(cell);
    double[][] effects = new double[main.doses().size()][];
    for (int dose : equal.ascending()) {
      effects[dose] = its.asExpected(new Effects.Cell(dose, cell.positive()));
    }
    Estimate estimate =
        new GroupJackknife(groups, context.random("equal dose"))
            .among(rows)
            .plain(
                weights -> {
                  double[] means = new double[effects.length];
                  for (int dose : equal.ascending()) {
                    means[dose] = WeightedMean.of(effects[dose], rows, weights);
                  }
                  return equal.times(means, WeightedMean.of(wanted, rows, weights));
                });
    comparison.single(
        "dose", "dose with the same effect, in doses of the main model", estimate, rows.length);
  }

  /**
   * What some rows lose of the effect less what others gain, in effects of the main model. Where
   * nothing is left of it, or as much is gained, the two are no shares, and the difference is taken
   * as it is.
   */
  private Estimate shareLost(Steered main, Effects its, int[] rows, int independent) {
    double[] own = main.effects().asExpected(main.cell());
    double[] there = its.asExpected(main.cell());
    GroupJackknife among =
        new GroupJackknife(groups, context.random("share of the effect")).among(rows);
    ToDoubleFunction<double[]> lost = weights -> more(own, there, rows, weights, own);
    ToDoubleFunction<double[]> gained = weights -> more(there, own, rows, weights, own);
    double[] all = new double[own.length];
    Arrays.fill(all, 1);
    return lost.applyAsDouble(all) < 1 && gained.applyAsDouble(all) < 1
        ? among.differenceOfShares(lost, gained, independent)
        : among.plain(weights -> lost.applyAsDouble(weights) - gained.applyAsDouble(weights));
  }

  /** By how much one effect is larger than another where it is, as a share of a third. */
  private static double more(
      double[] one, double[] other, int[] rows, double[] weights, double[] whole) {
    double[] more = new double[one.length];
    Arrays.setAll(more, row -> Math.max(0, one[row] - other[row]));
    return WeightedMean.of(more, rows, weights) / WeightedMean.of(whole, rows, weights);
  }

  private Figure figure(Map<String, Effects> all, Steered main) {
    Effects.Cell cell = main.cell();
    Dose.Mode mode = main.effects().doses().get(cell.dose()).mode();
    List<List<Object>> points = new ArrayList<>();
    all.forEach(
        (model, effects) -> {
          points.add(List.of(model, 0.0, 0.0));
          for (int dose = 0; dose < effects.doses().size(); dose++) {
            if (effects.doses().get(dose).mode() == mode) {
              points.add(
                  List.of(
                      model,
                      effects.doses().get(dose).alpha(),
                      effects.mean(targets, new Effects.Cell(dose, cell.positive()))));
            }
          }
        });
    String label = cell.positive() ? targets.positiveName() : targets.negativeName();
    return Figure.of(
        "compared_steering",
        "What the same direction does to further models (%s)".formatted(mode.word()),
        "Mean change of the log-probability of the answers of '%s' rows over alpha, by model: the"
                .formatted(label)
            + " same rows, tokens and direction, which the main model gave.",
        ModelLines.spec(SPEC, "alpha", "effect", ".3f"),
        List.of(Table.of("effects", "effects", List.of("model", "alpha", "effect"), points)));
  }
}
