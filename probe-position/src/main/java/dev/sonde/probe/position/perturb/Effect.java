package dev.sonde.probe.position.perturb;

import dev.sonde.api.report.Metric;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import java.util.List;

/**
 * What a perturbation does to a model.
 *
 * @param model its name in metrics
 * @param perturbation its name in metrics
 * @param fraction share of tokens or cells that it concerns
 * @param detail a further coordinate, {@code distance} or {@code multiple}; empty where there is
 *     none
 * @param amount its value
 * @param ratio perplexity with it over perplexity without, on the same target tokens
 * @param interval by drawing texts, with and without together
 * @param texts how many texts
 * @param targets how many tokens
 */
public record Effect(
    String model,
    String perturbation,
    double fraction,
    String detail,
    int amount,
    double ratio,
    Interval interval,
    int texts,
    int targets) {

  /** The effect of changes, one a text. */
  static Effect of(
      String model,
      PerturbationCase condition,
      List<Losses.Change> changes,
      ClusterBootstrap bootstrap) {
    Estimate ratio = bootstrap.estimate(weights -> ratio(changes, weights));
    return new Effect(
        model,
        condition.perturbation(),
        condition.fraction(),
        condition.detail(),
        condition.amount(),
        ratio.value(),
        ratio.interval(),
        changes.size(),
        changes.stream().mapToInt(Losses.Change::tokens).sum());
  }

  /** {@code e^(mean change)}. */
  private static double ratio(List<Losses.Change> changes, double[] weights) {
    double nats = 0;
    double tokens = 0;
    for (int text = 0; text < weights.length; text++) {
      nats += weights[text] * changes.get(text).nats();
      tokens += weights[text] * changes.get(text).tokens();
    }
    return Math.exp(nats / tokens);
  }

  /** The effect as a metric. */
  public Metric metric() {
    Metric metric =
        Metric.of("perplexity.ratio", ratio)
            .where("perturbation", perturbation)
            .where("fraction", fraction)
            .where("model", model)
            .n(targets);
    Metric placed = detail.isEmpty() ? metric : metric.where(detail, amount);
    return interval.exists() ? placed.interval(interval.low(), interval.high()) : placed;
  }
}
