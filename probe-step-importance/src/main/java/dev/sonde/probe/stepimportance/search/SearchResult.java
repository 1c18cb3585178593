package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.List;
import java.util.Optional;

/**
 * What a search found in one chain.
 *
 * @param chain the chain
 * @param remaining the steps left after shortcut removal
 * @param prefix the sufficient prefix of them
 * @param cores one per variant
 * @param tests how many subsequences were tested, for all variants together
 */
public record SearchResult(Chain chain, Mask remaining, Mask prefix, List<Core> cores, int tests) {
  /** A result with its list copied. */
  public SearchResult {
    cores = List.copyOf(cores);
  }

  /** What a step was found to be. */
  public enum Label {
    /** It survived the search: without it the rest fails a test. */
    IMPORTANT("important"),
    /** It lies outside what was kept by influence; without a threshold stage: outside the core. */
    REMOVABLE("removable"),
    /** The queue removed it. */
    UNLABELLED("unlabelled"),
    /** It gives the answer away on its own. */
    SHORTCUT("shortcut"),
    /** It stands behind the sufficient prefix. */
    AFTER("after prefix");

    private final String text;

    Label(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * What one variant found.
   *
   * @param theta the threshold at which both tests were passed; NaN without a threshold stage or
   *     where none sufficed
   * @param start what the greedy queue began with
   * @param core what it left
   * @param tested what the tests say of the core
   * @param influence what the threshold stage went by
   */
  public record Core(
      SearchVariant variant,
      double theta,
      Mask start,
      Mask core,
      TestResult tested,
      Optional<InfluenceMatrix> influence) {}

  /** What a variant found a step to be. */
  public Label label(Core core, int step) {
    if (!remaining.has(step)) {
      return Label.SHORTCUT;
    }
    if (!prefix.has(step)) {
      return Label.AFTER;
    }
    if (core.core().has(step)) {
      return Label.IMPORTANT;
    }
    return core.influence().isPresent() && core.start().has(step)
        ? Label.UNLABELLED
        : Label.REMOVABLE;
  }

  /** The core's share of the prefix. */
  public double share(Core core) {
    return (double) core.core().size() / prefix.size();
  }
}
