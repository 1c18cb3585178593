package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Evaluation.Choice;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A candidate with its held-out scores.
 *
 * @param merit the figure of merit; NaN where it does not exist
 */
public record Scored(Candidate candidate, HeldOutScores heldOut, double merit) {
  /** A candidate with its scores, measured. */
  public static Scored of(Candidate candidate, HeldOutScores heldOut) {
    return new Scored(candidate, heldOut, heldOut.merit().value());
  }

  /** The decoder and the hook point. */
  public Choice choice() {
    return candidate.choice();
  }

  /** What a choice goes by: a figure that does not exist is the worst. */
  public double rank() {
    return rank(merit);
  }

  /** A figure as a choice sees it: one that does not exist is the worst. */
  public static double rank(double merit) {
    return Double.isNaN(merit) ? -1 : merit;
  }

  /** The best of some, the first where several are. */
  public static <T> T best(Stream<T> some, ToDoubleFunction<T> rank) {
    return some.reduce((a, b) -> Comparator.comparingDouble(rank).compare(b, a) > 0 ? b : a)
        .orElseThrow();
  }
}
