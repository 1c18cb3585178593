package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.model.Sequence.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A number that a sequence's activations lead to; gradients are taken of it ({@link
 * Read#gradient()}). Its kind is a name: more may come, and a backend refuses those that it does
 * not announce ({@link Capabilities#objectives}).
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Objective {
  /** The sum of the targets' probabilities. */
  public static final String PROBABILITY = "probability";

  /** The sum of the targets' log-probabilities, in nats. */
  public static final String LOG_PROBABILITY = "log_probability";

  /** The sum of the targets' negative log-probabilities, in nats. */
  public static final String LOSS = "loss";

  /**
   * The sum of the negative log-probabilities of tokens that are drawn from the model's own
   * distribution at the targets' places; which tokens the targets name does not matter.
   */
  public static final String SAMPLED_LOSS = "sampled_loss";

  private final String kind;
  private final List<Target> targets;
  private final long seed;

  private Objective(String kind, List<Target> targets, long seed) {
    this.kind = kind;
    this.targets = List.copyOf(targets);
    this.seed = seed;
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("an objective needs at least one target");
    }
  }

  /**
   * An objective of any kind, known here or not.
   *
   * @param targets tokens and the places they would stand at
   * @param seed decides what is drawn, where the kind draws
   * @throws IllegalArgumentException if there is no target
   */
  public static Objective of(String kind, List<Target> targets, long seed) {
    return new Objective(kind, targets, seed);
  }

  /** The sum of the targets' probabilities. */
  public static Objective probability(List<Target> targets) {
    return of(PROBABILITY, targets, 0);
  }

  /** The sum of the targets' log-probabilities. */
  public static Objective logProbability(List<Target> targets) {
    return of(LOG_PROBABILITY, targets, 0);
  }

  /**
   * The loss on a sequence's own tokens: all but the first are predicted.
   *
   * @param tokens of the sequence, at least two
   */
  public static Objective loss(int... tokens) {
    return of(LOSS, next(tokens), 0);
  }

  /** The loss on labels drawn in place of a sequence's own tokens. */
  public static Objective sampledLoss(long seed, int... tokens) {
    return of(SAMPLED_LOSS, next(tokens), seed);
  }

  private static List<Target> next(int... tokens) {
    List<Target> targets = new ArrayList<>();
    for (int position = 1; position < tokens.length; position++) {
      targets.add(new Target(position, tokens[position]));
    }
    return targets;
  }

  /** What is summed over the targets. */
  public String kind() {
    return kind;
  }

  /** Tokens and the places they would stand at. */
  public List<Target> targets() {
    return targets;
  }

  /** Decides what is drawn, where the kind draws. */
  public long seed() {
    return seed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Objective that
        && kind.equals(that.kind)
        && targets.equals(that.targets)
        && seed == that.seed;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, targets, seed);
  }

  @Override
  public String toString() {
    return "%s of %d targets".formatted(kind, targets.size());
  }
}
