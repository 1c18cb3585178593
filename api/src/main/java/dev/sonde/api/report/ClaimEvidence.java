package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a probe knows of one question: a figure with its interval, the test of just this statement,
 * and what else must hold. It holds no answer: that is {@link Judge the judge's}, by the same rules
 * for every probe.
 *
 * <pre>{@code
 * report.claim(
 *     ClaimEvidence.of("reads_more", "Does the probe read more than the words?")
 *         .above("accuracy", accuracy, 0.5, "chance")
 *         .tested("exchanged labels", p, smallest)
 *         .rival("bag of words", words, margin));
 * }</pre>
 *
 * <p>An instance is immutable; each method gives another one.
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.2")
public final class ClaimEvidence {
  private final String name;
  private final String question;
  private final List<Bound> bounds;
  private final Optional<Test> test;
  private final List<Rival> rivals;
  private final List<Doubt> doubts;
  private final String overturn;

  private ClaimEvidence(
      String name,
      String question,
      List<Bound> bounds,
      Optional<Test> test,
      List<Rival> rivals,
      List<Doubt> doubts,
      String overturn) {
    this.name = name;
    this.question = question;
    this.bounds = List.copyOf(bounds);
    this.test = test;
    this.rivals = List.copyOf(rivals);
    this.doubts = List.copyOf(doubts);
    this.overturn = overturn;
  }

  /**
   * A figure that must lie on one side of a level, with its whole interval.
   *
   * @param what the figure in words, such as {@code accuracy}
   * @param figure its value, interval and unit
   * @param above whether it must lie above the level; if not, at it or below
   * @param level finite
   * @param meaning what the level is, such as {@code chance}
   */
  public record Bound(String what, Metric figure, boolean above, double level, String meaning) {
    /** A bound; a level that is not finite is refused. */
    public Bound {
      if (!Double.isFinite(level)) {
        throw new IllegalArgumentException(
            "the level that %s must pass is %s".formatted(what, level));
      }
    }
  }

  /**
   * The test of the statement.
   *
   * @param against what chance is made of here, such as {@code exchanged labels}
   * @param p one-sided; empty where the interval of the figure is the test
   * @param smallest the smallest p that could have come out
   */
  public record Test(String against, OptionalDouble p, OptionalDouble smallest) {}

  /**
   * Something simpler that answers the same question.
   *
   * @param name in words, such as {@code bag of words}
   * @param figure what it reaches, in the unit of the claim's own figure; more is better
   * @param margin the claim's figure less this one, paired; empty where that was not computed
   */
  public record Rival(String name, Metric figure, Optional<Metric> margin) {}

  /**
   * Why the question cannot be answered with this data, whatever the figures are.
   *
   * @param why in a few words
   * @param needed what would have to be there
   */
  public record Doubt(String why, String needed) {}

  /**
   * Evidence without any figure yet.
   *
   * @param name short and of its own in the section: lower-case words joined by {@code _}
   * @param question one sentence that yes or no answers
   * @throws IllegalArgumentException if the name is none, or the question asks nothing
   */
  public static ClaimEvidence of(String name, String question) {
    if (!name.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException(
          "'%s' is no name of a claim: use lower-case words joined by _".formatted(name));
    }
    if (!question.endsWith("?")) {
      throw new IllegalArgumentException(
          "the claim %s asks nothing: '%s' does not end in '?'".formatted(name, question));
    }
    return new ClaimEvidence(name, question, List.of(), Optional.empty(), List.of(), List.of(), "");
  }

  private ClaimEvidence with(List<Bound> others, Optional<Test> tests, List<Rival> beside) {
    return new ClaimEvidence(name, question, others, tests, beside, doubts, overturn);
  }

  /**
   * Adds a figure that must lie above a level with its whole interval. The first of the bounds is
   * the claim's own figure, which is shown and which rivals are held against.
   *
   * @param what the figure in words
   * @param level chance, zero, or a share that is asked for
   * @param meaning what the level is
   */
  public ClaimEvidence above(String what, Metric figure, double level, String meaning) {
    return bounded(new Bound(what, figure, true, level, meaning));
  }

  /**
   * Adds a figure that must not exceed a level, with its whole interval: a harm.
   *
   * @param what the figure in words
   * @param meaning what the level is, such as {@code allowed}
   */
  public ClaimEvidence atMost(String what, Metric figure, double level, String meaning) {
    return bounded(new Bound(what, figure, false, level, meaning));
  }

  /** Adds a bound. */
  public ClaimEvidence bounded(Bound bound) {
    List<Bound> more = new ArrayList<>(bounds);
    more.add(bound);
    return with(more, test, rivals);
  }

  /**
   * Says how likely chance gives as much.
   *
   * @param against what chance is made of here
   * @param p one-sided, of this statement: corrected for everything that was looked at
   * @param smallest the smallest p that could have come out
   */
  public ClaimEvidence tested(String against, double p, double smallest) {
    return tested(new Test(against, OptionalDouble.of(p), OptionalDouble.of(smallest)));
  }

  /**
   * The same from null draws: p is the share of them, the observed figure counted in, that reach as
   * much.
   *
   * @param drawn what the same procedure gave where nothing is to be found
   */
  public ClaimEvidence tested(String against, double observed, double[] drawn) {
    long reached = Arrays.stream(drawn).filter(value -> !(value < observed)).count();
    return tested(against, (1.0 + reached) / (1 + drawn.length), 1.0 / (1 + drawn.length));
  }

  /**
   * Says that the interval of the claim's own figure against its level is the test. For statements
   * about size, such as <em>at least 0.8 of the loss</em>, which no null distribution is of.
   */
  public ClaimEvidence testedByItsInterval() {
    return tested(new Test("its own interval", OptionalDouble.empty(), OptionalDouble.empty()));
  }

  /** Sets the test. */
  public ClaimEvidence tested(Test of) {
    return with(bounds, Optional.of(of), rivals);
  }

  /**
   * Adds something simpler that answers the same question.
   *
   * @param rival in words
   * @param figure what it reaches, in the unit of the claim's own figure; more is better
   * @param margin the claim's own figure less this one, paired, with its interval
   */
  public ClaimEvidence rival(String rival, Metric figure, Metric margin) {
    return rival(new Rival(rival, figure, Optional.of(margin)));
  }

  /** Adds a rival. */
  public ClaimEvidence rival(Rival rival) {
    List<Rival> more = new ArrayList<>(rivals);
    more.add(rival);
    return with(bounds, test, more);
  }

  /**
   * Says that this data cannot tell, whatever the figures are.
   *
   * @param why in a few words
   * @param needed what would have to be there
   */
  public ClaimEvidence cannotTell(String why, String needed) {
    List<Doubt> more = new ArrayList<>(doubts);
    more.add(new Doubt(why, needed));
    return new ClaimEvidence(name, question, bounds, test, rivals, more, overturn);
  }

  /** Says what would overturn the answer, where there is more to say than the judge knows. */
  public ClaimEvidence overturnedBy(String what) {
    return new ClaimEvidence(
        name,
        question,
        bounds,
        test,
        rivals,
        doubts,
        Objects.requireNonNull(what, "what would overturn"));
  }

  /** Its short name. */
  public String name() {
    return name;
  }

  /** One sentence that yes or no answers. */
  public String question() {
    return question;
  }

  /** What must hold, the claim's own figure first. */
  public List<Bound> bounds() {
    return bounds;
  }

  /** The claim's own figure; empty where none was given. */
  public Optional<Bound> own() {
    return bounds.stream().findFirst();
  }

  /** The test of the statement. */
  public Optional<Test> test() {
    return test;
  }

  /** What answers the same question more simply. */
  public List<Rival> rivals() {
    return rivals;
  }

  /** The rival that reaches most, the first where several do; empty where none reaches anything. */
  public Optional<Rival> strongest() {
    return rivals.stream()
        .filter(rival -> rival.figure().value().isPresent())
        .reduce(
            (a, b) -> b.figure().value().getAsDouble() > a.figure().value().getAsDouble() ? b : a);
  }

  /** Why this data cannot tell. */
  public List<Doubt> doubts() {
    return doubts;
  }

  /** What would overturn the answer; empty where the probe says nothing of it. */
  public String overturn() {
    return overturn;
  }
}
