package dev.sonde.probe.position.perturb;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/**
 * How much of what attention does is kept by other logits in its place: the share of the loss
 * between uniform attention, 0, and the model's own, 1, that they recover. The same tokens of the
 * same texts under each; some substitutions are run on the first texts alone.
 *
 * @param changes per name of a substitution and text, how much more the text costs
 * @param draws draws of so many texts
 */
public record Recovery(
    Map<String, List<Losses.Change>> changes, IntFunction<ClusterBootstrap> draws) {
  /** The name of uniform attention. */
  static final String UNIFORM = Substitute.UNIFORM.key();

  /** The share that a substitution recovers, with its interval over texts. */
  public Estimate share(String substitution) {
    return estimate(texts(substitution), weights -> share(substitution, weights));
  }

  /** By how much more one recovers than another, on the same draws of texts. */
  public Estimate margin(String substitution, String other) {
    return estimate(
        Math.min(texts(substitution), texts(other)),
        weights -> share(substitution, weights) - share(other, weights));
  }

  /** What uniform attention costs, in nats a token: all that there is to recover. */
  public Estimate cost() {
    return cost(UNIFORM);
  }

  /** What a substitution costs, in nats a token. */
  public Estimate cost(String substitution) {
    return estimate(texts(substitution), weights -> nats(substitution, weights) / tokens(weights));
  }

  /** The same without its interval. */
  public double nats(String substitution) {
    double[] once = once(substitution);
    return nats(substitution, once) / tokens(once);
  }

  /** These substitutions and others, of the first of the same texts. */
  Recovery with(Recovery others) {
    Map<String, List<Losses.Change>> all = new LinkedHashMap<>(others.changes);
    all.putAll(changes);
    return new Recovery(all, draws);
  }

  /** On how many texts a substitution was run. */
  public int texts(String substitution) {
    return Objects.requireNonNull(changes.get(substitution), substitution).size();
  }

  private double[] once(String substitution) {
    double[] once = new double[texts(substitution)];
    Arrays.fill(once, 1);
    return once;
  }

  private Estimate estimate(int texts, ToDoubleFunction<double[]> figure) {
    return draws.apply(texts).estimate(figure);
  }

  /** Whether there is surely something to recover: uniform attention's cost is above 0. */
  public boolean isWorth() {
    return cost().interval().exists() && cost().low() > 0;
  }

  /** What a substitution costs all texts, in nats. */
  double total(String substitution) {
    return nats(substitution, once(substitution));
  }

  private double share(String substitution, double[] weights) {
    return 1 - nats(substitution, weights) / nats(UNIFORM, weights);
  }

  private double nats(String substitution, double[] weights) {
    List<Losses.Change> of = Objects.requireNonNull(changes.get(substitution), substitution);
    double sum = 0;
    for (int text = 0; text < weights.length; text++) {
      sum += weights[text] * of.get(text).nats();
    }
    return sum;
  }

  private double tokens(double[] weights) {
    List<Losses.Change> of = Objects.requireNonNull(changes.get(UNIFORM), UNIFORM);
    double sum = 0;
    for (int text = 0; text < weights.length; text++) {
      sum += weights[text] * of.get(text).tokens();
    }
    return sum;
  }
}
