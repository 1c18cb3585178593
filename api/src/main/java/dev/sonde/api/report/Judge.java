package dev.sonde.api.report;

import dev.sonde.api.report.Claim.Answer;
import dev.sonde.api.report.ClaimEvidence.Bound;
import dev.sonde.api.report.ClaimEvidence.Rival;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Gives the answer to every question of every probe, by the rules that {@link Claim} states. */
final class Judge {
  private static final String MORE_GROUPS = "more groups, texts, queries or chains";

  private final ClaimEvidence evidence;
  private final List<Finding> findings = new ArrayList<>();

  private Judge(ClaimEvidence evidence) {
    this.evidence = evidence;
  }

  /**
   * What one part of the evidence comes to.
   *
   * @param needed what would decide it; empty where it is decided
   */
  private record Finding(Answer answer, String text, String needed) {}

  /** The answer to a question. */
  static Claim judge(ClaimEvidence evidence) {
    return new Judge(Objects.requireNonNull(evidence, "the evidence of a claim")).answer();
  }

  private Claim answer() {
    if (!evidence.doubts().isEmpty()) {
      return claim(
          Answer.CANNOT_BE_TOLD,
          List.copyOf(evidence.doubts().keySet()),
          List.copyOf(evidence.doubts().values()));
    }
    if (evidence.own().flatMap(own -> boxed(own.figure().value())).isEmpty()) {
      return claim(
          Answer.NOT_TESTED,
          List.of("no figure of it was computed"),
          List.of("a run that computes it"));
    }
    if (evidence.against().isEmpty() || isNaN(evidence.p())) {
      return claim(
          Answer.NOT_TESTED,
          List.of("no test of just this statement was computed"),
          List.of("a test of just this statement"));
    }
    test(evidence.against().get());
    evidence.bounds().forEach(this::bound);
    evidence.rivals().forEach(this::rival);
    return Stream.of(Answer.NO, Answer.CANNOT_BE_TOLD)
        .filter(answer -> findings.stream().anyMatch(finding -> finding.answer() == answer))
        .findFirst()
        .map(this::by)
        .orElseGet(() -> by(Answer.YES));
  }

  /** The claim that is decided by the findings of one answer. */
  private Claim by(Answer answer) {
    List<Finding> deciding =
        findings.stream().filter(finding -> finding.answer() == answer).toList();
    return claim(
        answer,
        deciding.stream().map(Finding::text).toList(),
        deciding.stream().map(Finding::needed).filter(need -> !need.isEmpty()).distinct().toList());
  }

  private Claim claim(Answer answer, List<String> because, List<String> needed) {
    boolean own = !evidence.overturn().isEmpty() && !overturn(answer).isEmpty();
    String overturn = own ? evidence.overturn() : overturn(answer);
    return new Claim(evidence, answer, because, needed, overturn);
  }

  private String overturn(Answer answer) {
    return switch (answer) {
      case YES ->
          "something simpler that reaches as much, or new data on which the same analysis fails";
      case NO -> "new data on which all that was asked for holds";
      case CANNOT_BE_TOLD, NOT_TESTED -> "";
    };
  }

  private void test(String against) {
    if (evidence.p().isEmpty()) {
      return; // the bound of the claim's own figure is the test
    }
    double p = evidence.p().getAsDouble();
    double smallest = evidence.smallest().orElse(0);
    String text = "p is %s against %s".formatted(Metric.text(p), against);
    if (p <= Claim.ALPHA) {
      found(Answer.YES, text, "");
    } else if (smallest > Claim.ALPHA) {
      found(
          Answer.CANNOT_BE_TOLD,
          "%s, and could not have been below %s".formatted(text, Metric.text(smallest)),
          "more groups, or more draws");
    } else if (p > Claim.CHANCE) {
      found(Answer.NO, text + ": chance gives as much", "");
    } else {
      found(
          Answer.CANNOT_BE_TOLD,
          "%s, where at most %s is asked for".formatted(text, Metric.text(Claim.ALPHA)),
          MORE_GROUPS);
    }
  }

  private void bound(Bound bound) {
    Metric figure = bound.figure();
    if (figure.value().isEmpty()) {
      found(
          Answer.CANNOT_BE_TOLD,
          "%s was not computed".formatted(bound.what()),
          "a figure of " + bound.what());
      return;
    }
    String level = "%s (%s)".formatted(Metric.text(bound.level()), bound.meaning());
    Side side = side(figure, bound.level(), bound.above());
    String text = "%s is %s, ".formatted(bound.what(), figure.text());
    switch (side) {
      case RIGHT -> found(Answer.YES, text + (bound.above() ? "above " : "within ") + level, "");
      case WRONG -> found(Answer.NO, text + (bound.above() ? "not above " : "above ") + level, "");
      case ACROSS ->
          found(
              Answer.CANNOT_BE_TOLD,
              text + (bound.above() ? "perhaps not above " : "perhaps above ") + level,
              MORE_GROUPS);
      case UNKNOWN ->
          found(
              Answer.CANNOT_BE_TOLD,
              text + "without an interval",
              "an interval, which takes several groups");
    }
  }

  private void rival(Rival rival) {
    if (rival.figure().value().isEmpty()) {
      return; // it reaches nothing
    }
    String reaches = "%s: %s".formatted(rival.name(), rival.figure().text());
    if (rival.margin().flatMap(margin -> boxed(margin.value())).isEmpty()) {
      found(
          Answer.CANNOT_BE_TOLD,
          reaches + ", and by how much less was not computed",
          "the paired difference to " + rival.name());
      return;
    }
    Metric margin = rival.margin().get();
    String text = "%s; the difference is %s".formatted(reaches, margin.text());
    switch (side(margin, 0, true)) {
      case RIGHT -> found(Answer.YES, text, "");
      case WRONG -> found(Answer.NO, text, "");
      case ACROSS -> found(Answer.CANNOT_BE_TOLD, text, MORE_GROUPS);
      case UNKNOWN ->
          found(
              Answer.CANNOT_BE_TOLD,
              text + " without an interval",
              "an interval, which takes several groups");
    }
  }

  private void found(Answer answer, String text, String needed) {
    findings.add(new Finding(answer, text, needed));
  }

  /** Where a figure lies. */
  private enum Side {
    /** With its whole interval where it should. */
    RIGHT,
    /** Itself not where it should. */
    WRONG,
    /** Itself where it should, its interval not wholly. */
    ACROSS,
    /** Itself where it should, without an interval. */
    UNKNOWN
  }

  private static Side side(Metric figure, double level, boolean above) {
    double value = figure.value().getAsDouble();
    if (above ? value <= level : value > level) {
      return Side.WRONG;
    }
    OptionalDouble end = above ? figure.low() : figure.high();
    if (end.isEmpty()) {
      return Side.UNKNOWN;
    }
    double farthest = end.getAsDouble();
    return (above ? farthest > level : farthest <= level) ? Side.RIGHT : Side.ACROSS;
  }

  private static boolean isNaN(OptionalDouble value) {
    return value.isPresent() && Double.isNaN(value.getAsDouble());
  }

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }
}
