package dev.sonde.api.model;

import dev.sonde.api.model.Sequence.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * A number that a sequence's activations lead to; gradients are taken of it ({@link
 * Read#gradient()}).
 *
 * @param kind what is summed over the targets
 * @param targets tokens and the places they would stand at
 * @param seed decides what {@link Kind#SAMPLED_LOSS} draws
 */
public record Objective(Kind kind, List<Target> targets, long seed) {
  /** What an objective sums over its targets. */
  public enum Kind {
    /** Probabilities. */
    PROBABILITY,
    /** Log-probabilities, in nats. */
    LOG_PROBABILITY,
    /** Negative log-probabilities, in nats. */
    LOSS,
    /**
     * Negative log-probabilities of tokens that are drawn from the model's own distribution at the
     * targets' places; which tokens the targets name does not matter.
     */
    SAMPLED_LOSS
  }

  /**
   * An objective with its targets copied.
   *
   * @throws IllegalArgumentException if it has no target
   */
  public Objective {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("an objective needs at least one target");
    }
  }

  /** The sum of the targets' probabilities. */
  public static Objective probability(List<Target> targets) {
    return new Objective(Kind.PROBABILITY, targets, 0);
  }

  /** The sum of the targets' log-probabilities. */
  public static Objective logProbability(List<Target> targets) {
    return new Objective(Kind.LOG_PROBABILITY, targets, 0);
  }

  /**
   * The loss on a sequence's own tokens: all but the first are predicted.
   *
   * @param tokens of the sequence, at least two
   */
  public static Objective loss(int... tokens) {
    return new Objective(Kind.LOSS, next(tokens), 0);
  }

  /** The loss on labels drawn in place of a sequence's own tokens. */
  public static Objective sampledLoss(long seed, int... tokens) {
    return new Objective(Kind.SAMPLED_LOSS, next(tokens), seed);
  }

  private static List<Target> next(int... tokens) {
    List<Target> targets = new ArrayList<>();
    for (int position = 1; position < tokens.length; position++) {
      targets.add(new Target(position, tokens[position]));
    }
    return targets;
  }
}
