package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a probe knows of one question: a figure with its interval, the test of just this statement,
 * and what else must hold. It holds no answer: {@link #judged} gives it, by the same rules for
 * every probe.
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
  private final Optional<String> against;
  private final OptionalDouble p;
  private final OptionalDouble smallest;
  private final List<Rival> rivals;
  private final Map<String, String> doubts;
  private final String overturn;

  private ClaimEvidence(
      String name,
      String question,
      List<Bound> bounds,
      Optional<String> against,
      OptionalDouble p,
      OptionalDouble smallest,
      List<Rival> rivals,
      Map<String, String> doubts,
      String overturn) {
    this.name = name;
    this.question = question;
    this.bounds = List.copyOf(bounds);
    this.against = against;
    this.p = p;
    this.smallest = smallest;
    this.rivals = List.copyOf(rivals);
    this.doubts = Collections.unmodifiableMap(new LinkedHashMap<>(doubts));
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
   * Something simpler that answers the same question.
   *
   * @param name in words, such as {@code bag of words}
   * @param figure what it reaches, in the unit of the claim's own figure; more is better
   * @param margin the claim's figure less this one, paired; empty where that was not computed
   */
  public record Rival(String name, Metric figure, Optional<Metric> margin) {}

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
    return new ClaimEvidence(
        name,
        question,
        List.of(),
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        List.of(),
        Map.of(),
        "");
  }

  private ClaimEvidence with(List<Bound> others, List<Rival> beside) {
    return new ClaimEvidence(
        name, question, others, against, p, smallest, beside, doubts, overturn);
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
    return with(more, rivals);
  }

  /**
   * Says how likely chance gives as much.
   *
   * @param against what chance is made of here
   * @param p one-sided, of this statement: corrected for everything that was looked at
   * @param smallest the smallest p that could have come out
   */
  public ClaimEvidence tested(String against, double p, double smallest) {
    return tested(against, OptionalDouble.of(p), OptionalDouble.of(smallest));
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
    return tested("its own interval", OptionalDouble.empty(), OptionalDouble.empty());
  }

  /**
   * The same where p may be missing: the interval of the claim's own figure is the test then.
   *
   * @param smallest empty where it is not known
   */
  public ClaimEvidence tested(String against, OptionalDouble p, OptionalDouble smallest) {
    return new ClaimEvidence(
        name, question, bounds, Optional.of(against), p, smallest, rivals, doubts, overturn);
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
    return with(bounds, more);
  }

  /**
   * Says that this data cannot tell, whatever the figures are.
   *
   * @param why in a few words
   * @param needed what would have to be there
   */
  public ClaimEvidence cannotTell(String why, String needed) {
    Map<String, String> more = new LinkedHashMap<>(doubts);
    more.put(why, needed);
    return new ClaimEvidence(name, question, bounds, against, p, smallest, rivals, more, overturn);
  }

  /** Says what would overturn the answer, where there is more to say than the judge knows. */
  public ClaimEvidence overturnedBy(String what) {
    return new ClaimEvidence(
        name,
        question,
        bounds,
        against,
        p,
        smallest,
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

  /** What chance is made of in the test of the statement; empty where there is no test. */
  public Optional<String> against() {
    return against;
  }

  /**
   * The one-sided p of the test; empty where the interval of the claim's own figure is the test.
   */
  public OptionalDouble p() {
    return p;
  }

  /** The smallest p that could have come out. */
  public OptionalDouble smallest() {
    return smallest;
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

  /** Why this data cannot tell, each with what would have to be there. */
  public Map<String, String> doubts() {
    return doubts;
  }

  /** What would overturn the answer; empty where the probe says nothing of it. */
  public String overturn() {
    return overturn;
  }

  /** The question with the answer that this evidence gives. */
  public Claim judged() {
    return Judge.judge(this);
  }
}
