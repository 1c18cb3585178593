package dev.sonde.probe.influence.curvature;

import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.influence.read.LossLabels;
import java.util.List;

/**
 * One fit of the curvature.
 *
 * @param number 0 for the one that is reported; from 1 those on other labels
 * @param strategies what it is fitted for
 * @param labels whose loss it is fitted on
 */
public record FitTask(int number, List<Strategy> strategies, LossLabels labels) {

  /** The fit of a number; its labels depend on that and the run's seed only. */
  public static FitTask of(
      int number, List<Strategy> strategies, FitSettings settings, ShardContext context) {
    long seed = context.random(prefix(number) + "labels").nextLong();
    return new FitTask(
        number, strategies, settings.sampledLabels() ? LossLabels.sampled(seed) : LossLabels.DATA);
  }

  /** The name of one of its stages. */
  public String stage(String kind) {
    return prefix(number) + kind;
  }

  private static String prefix(int number) {
    return number == 0 ? "" : "resample-%d-".formatted(number);
  }

  boolean rotates() {
    return strategies.stream().anyMatch(Strategy::rotates);
  }

  boolean corrects() {
    return strategies.stream().anyMatch(Strategy::corrects);
  }

  boolean squares() {
    return strategies.contains(Strategy.DIAGONAL);
  }
}
