package dev.sonde.probe.position.perturb;

import dev.sonde.api.report.Metric;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import java.util.List;
import java.util.Map;

/**
 * What a perturbation does to a model.
 *
 * @param model its name in metrics
 * @param condition what was perturbed, and how
 * @param ratio perplexity with it over perplexity without, on the same target tokens
 * @param interval by drawing texts, with and without together
 * @param texts how many texts
 * @param targets how many tokens
 */
public record Effect(
    String model,
    PerturbationCase condition,
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
        condition,
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
            .where("perturbation", condition.perturbation())
            .where("fraction", condition.fraction())
            .where("model", model)
            .n(targets);
    for (Map.Entry<String, Integer> each : condition.where().entrySet()) {
      metric = metric.where(each.getKey(), each.getValue());
    }
    return interval.exists() ? metric.interval(interval.low(), interval.high()) : metric;
  }

  /** Its perturbation's name in metrics. */
  public String perturbation() {
    return condition.perturbation();
  }

  /** A further coordinate of the condition; 0 where it has none of that name. */
  public int at(String coordinate) {
    return condition.where().getOrDefault(coordinate, 0);
  }
}
