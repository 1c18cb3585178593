package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.answer.TestedSubsequence;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.attribution.StepScores;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.List;
import java.util.Optional;

/**
 * What a search found in one chain.
 *
 * @param chain the chain
 * @param shortcuts the steps that were taken out
 * @param prefix the sufficient prefix of the others
 * @param cores one per variant
 * @param tested the subsequences that were tested, for all variants together
 * @param inverted whether the answer given at once is no less likely than the chain: attainability
 *     then rewards what is unlikely
 */
public record SearchResult(
    Chain chain,
    List<Shortcut> shortcuts,
    Mask prefix,
    List<Core> cores,
    List<TestedSubsequence> tested,
    boolean inverted) {
  /** A result with its lists copied. */
  public SearchResult {
    shortcuts = List.copyOf(shortcuts);
    cores = List.copyOf(cores);
    tested = List.copyOf(tested);
  }

  /** What a step was found to be. */
  public enum Label {
    /** It survived the search, by each order that was tried: without it the rest fails a test. */
    IMPORTANT("important"),
    /**
     * It lies outside what was kept by influence; without a threshold stage: outside the core, by
     * each order that was tried.
     */
    REMOVABLE("removable"),
    /** The queue removed it, or one order did and another did not. */
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
   * Subsequences that a variant's search rejected.
   *
   * @param unattainable by the test of attainability, whatever the other says
   * @param insufficient by the test of sufficiency alone
   * @param passed those that passed both
   */
  public record Trials(int unattainable, int insufficient, int passed) {
    Trials plus(Trials other) {
      return new Trials(
          unattainable + other.unattainable,
          insufficient + other.insufficient,
          passed + other.passed);
    }
  }

  /**
   * What one variant found.
   *
   * @param theta the threshold at which both tests were passed; NaN without a threshold stage or
   *     where none sufficed
   * @param start what the greedy queue began with
   * @param found what it left, once per order of the queue
   * @param tested what the tests say of the first of them
   * @param passes whether it passes them
   * @param trials what became of the subsequences that it tried
   * @param influence what the threshold stage went by
   * @param scores what was measured of the prefix's steps
   */
  public record Core(
      SearchVariant variant,
      double theta,
      Mask start,
      List<Mask> found,
      TestResult tested,
      boolean passes,
      Trials trials,
      Optional<InfluenceMatrix> influence,
      StepScores scores) {
    /** A core with its list copied. */
    public Core {
      found = List.copyOf(found);
    }

    /** The core by the first order. */
    public Mask core() {
      return found.getFirst();
    }

    /** The mean number of steps over the orders. */
    public double size() {
      return found.stream().mapToInt(Mask::size).average().orElseThrow();
    }

    /** Whether no order removed anything. */
    public boolean removedNothing() {
      return found.stream().allMatch(start::equals);
    }
  }

  /** How many subsequences were tested. */
  public int tests() {
    return tested.size();
  }

  /** The steps left after shortcut removal. */
  public Mask remaining() {
    Mask out = Mask.of(shortcuts.stream().mapToInt(Shortcut::step).toArray());
    return Mask.first(chain.size()).minus(out);
  }

  /**
   * The text that was searched: the prompt and the sufficient prefix, without shortcuts and without
   * what follows.
   */
  public Chain searched() {
    return chain.of(prefix);
  }

  /** What a variant found a step to be. */
  public Label label(Core core, int step) {
    if (shortcuts.stream().anyMatch(shortcut -> shortcut.step() == step)) {
      return Label.SHORTCUT;
    }
    if (!prefix.has(step)) {
      return Label.AFTER;
    }
    if (core.found().stream().allMatch(each -> each.has(step))) {
      return Label.IMPORTANT;
    }
    boolean between =
        (core.influence().isPresent() && core.start().has(step))
            || core.found().stream().anyMatch(each -> each.has(step));
    return between ? Label.UNLABELLED : Label.REMOVABLE;
  }

  /** The core's share of the prefix, the mean over the orders. */
  public double share(Core core) {
    return core.size() / prefix.size();
  }
}
