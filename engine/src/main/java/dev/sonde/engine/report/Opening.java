package dev.sonde.engine.report;

import dev.sonde.api.report.Claim;
import dev.sonde.api.report.Claim.Answer;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.ClaimEvidence.Bound;
import dev.sonde.api.report.Metric;
import java.util.List;
import java.util.Optional;

/**
 * What a section opens with, on the screen, in Markdown and in HTML alike: the question, the claims
 * with their answers, and one picture.
 *
 * @param question in one sentence; empty where there is none
 * @param picture the first claim that has a rival, or else the first with a figure
 */
public record Opening(String question, List<Line> lines, Optional<Picture> picture) {
  /** An opening with its list copied. */
  public Opening {
    lines = List.copyOf(lines);
  }

  /**
   * A claim for readers.
   *
   * @param number its own figure with interval; empty where there is none
   * @param rival the strongest rival, or what the figure must exceed; empty where there is none
   * @param because what decided it
   * @param needed what would be needed to tell; empty where it is told
   * @param overturn what would overturn it; empty where it is not told
   */
  public record Line(
      Answer answer,
      String question,
      String number,
      String rival,
      String because,
      String needed,
      String overturn) {
    /** A sign that stands for the answer beside its word. */
    public String sign() {
      return switch (answer) {
        case YES -> "✓";
        case NO -> "✗";
        case CANNOT_BE_TOLD -> "?";
        case NOT_TESTED -> "–";
      };
    }

    /** The number beside what it is held against. */
    public String figures() {
      return number.isEmpty() ? rival : rival.isEmpty() ? number : number + "; " + rival;
    }

    private static Line of(Claim claim) {
      ClaimEvidence evidence = claim.evidence();
      Optional<Bound> own = evidence.own().filter(bound -> bound.figure().value().isPresent());
      return new Line(
          claim.answer(),
          evidence.question(),
          own.map(bound -> bound.what() + " " + bound.figure().text()).orElse(""),
          evidence
              .strongest()
              .map(
                  rival -> "strongest rival: %s, %s".formatted(rival.name(), rival.figure().text()))
              .or(() -> own.map(bound -> bound.meaning() + ": " + Metric.text(bound.level())))
              .orElse(""),
          String.join("; ", claim.because()),
          String.join("; ", claim.needed()),
          claim.overturn());
    }
  }

  /** The opening of a section. */
  public static Opening of(Section section) {
    List<Claim> drawn =
        section.claims().stream()
            .filter(claim -> claim.evidence().own().isPresent())
            .filter(claim -> claim.evidence().own().get().figure().value().isPresent())
            .toList();
    Optional<Claim> headline =
        drawn.stream()
            .filter(claim -> claim.evidence().strongest().isPresent())
            .findFirst()
            .or(() -> drawn.stream().findFirst());
    return new Opening(
        section.question(),
        section.claims().stream().map(Line::of).toList(),
        headline.map(claim -> Picture.of(claim.evidence())));
  }
}
