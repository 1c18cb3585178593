package dev.sonde.probe.position.atlas;

import dev.sonde.probe.position.estimate.HeadFit;
import dev.sonde.probe.position.estimate.Survey;
import dev.sonde.probe.position.perturb.Head;
import dev.sonde.statistics.Means;
import java.util.Optional;

/**
 * What a head's logits are made of, by shares of their variance within rows: what f(q, d) alone
 * explains, what g(q, k) adds to it, and the rest, in which distance and content cannot be told
 * apart.
 */
public enum Makeup {
  /** Position alone does. */
  POSITION("position"),
  /** Content alone does. */
  MEANING("meaning"),
  /** Both together do, neither alone. */
  SUM("position + meaning"),
  /** Their sum does not: what is looked for depends on where it stands. */
  BOUND("bound");

  /** The share from which something does: a convention, for finding heads. */
  public static final double ENOUGH = 0.7;

  private final String words;

  Makeup(String words) {
    this.words = words;
  }

  /** Its name in reports. */
  public String words() {
    return words;
  }

  /**
   * By shares of variance.
   *
   * @param position what f explains
   * @param meaning what g adds
   * @return empty where they are no numbers
   */
  public static Optional<Makeup> of(double position, double meaning) {
    if (Double.isNaN(position) || Double.isNaN(meaning)) {
      return Optional.empty();
    }
    if (position + meaning < ENOUGH) {
      return Optional.of(BOUND);
    }
    if (position >= ENOUGH) {
      return Optional.of(POSITION);
    }
    return Optional.of(meaning >= ENOUGH ? MEANING : SUM);
  }

  /** Of a head, by its mean shares over texts. */
  public static Optional<Makeup> of(Survey survey, Head head) {
    return of(
        Means.of(survey.ofHead(head.layer(), head.head(), HeadFit::ofPosition)),
        Means.of(survey.ofHead(head.layer(), head.head(), HeadFit::gainOfContent)));
  }
}
