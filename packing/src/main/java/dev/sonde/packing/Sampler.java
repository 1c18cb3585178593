package dev.sonde.packing;

import dev.sonde.api.model.Sampling;
import java.util.Arrays;

/**
 * Chooses tokens from log-probabilities. A choice is a function of the seed, the sample, the place
 * and the distribution alone, so that it does not depend on what else is generated.
 */
public final class Sampler {
  /** Increment of SplitMix64 (Steele, Lea and Flood 2014). */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Weights are looked at from the highest down, by so much of the highest at a time. */
  private static final double FLOOR = 1e-3;

  /** Keeps all that can be drawn at all. */
  private static final Cut EVERYTHING = new Cut(Double.MIN_VALUE, Integer.MAX_VALUE);

  private final Sampling how;

  /** A sampler. */
  public Sampler(Sampling how) {
    this.how = how;
  }

  /** Log-probabilities of the tokens of a vocabulary. */
  public interface Distribution {
    /** Of one token, in nats. */
    double logProbability(int token);

    /** Number of tokens. */
    int size();
  }

  /** What can be drawn from one distribution, found once for all that draw from it. */
  public static final class Choices {
    private final int[] tokens;
    private final double[] weights;
    private final double total;

    private Choices(int[] tokens, double[] weights) {
      this.tokens = tokens;
      this.weights = weights;
      double sum = 0;
      for (double weight : weights) {
        sum += weight;
      }
      this.total = sum;
    }

    /**
     * The next token: the inverse of the cumulative distribution, in the order of the vocabulary.
     *
     * @param seed of the item
     * @param sample which of the item's samples
     * @param place how many tokens were generated before
     */
    public int choose(long seed, int sample, int place) {
      double rest = uniform(seed, sample, place) * total;
      for (int i = 0; i < tokens.length; i++) {
        rest -= weights[i];
        if (rest < 0) {
          return tokens[i];
        }
      }
      return tokens[tokens.length - 1];
    }
  }

  /** What can be drawn from a distribution; of a greedy sampler the first of the highest. */
  public Choices choices(Distribution next) {
    int highest = highest(next);
    if (how.isGreedy()) {
      return new Choices(new int[] {highest}, new double[] {1});
    }
    double[] weights = new double[next.size()];
    double top = next.logProbability(highest);
    double total = 0;
    for (int token = 0; token < weights.length; token++) {
      weights[token] = Math.exp((next.logProbability(token) - top) / how.temperature());
      total += weights[token];
    }
    Cut cut = cut(weights, total);
    int[] tokens = new int[weights.length];
    double[] kept = new double[weights.length];
    int count = 0;
    int ties = 0;
    for (int token = 0; token < weights.length; token++) {
      boolean tie = weights[token] == cut.least();
      if (weights[token] > cut.least() || (tie && ties++ < cut.ties())) {
        tokens[count] = token;
        kept[count++] = weights[token];
      }
    }
    return new Choices(Arrays.copyOf(tokens, count), Arrays.copyOf(kept, count));
  }

  /**
   * The next token.
   *
   * @param seed of the item
   * @param sample which of the item's samples
   * @param place how many tokens were generated before
   */
  public int choose(Distribution next, long seed, int sample, int place) {
    return choices(next).choose(seed, sample, place);
  }

  /** The first of the highest. */
  public static int highest(Distribution next) {
    int best = 0;
    double most = next.logProbability(0);
    for (int token = 1; token < next.size(); token++) {
      double each = next.logProbability(token);
      if (each > most) {
        best = token;
        most = each;
      }
    }
    return best;
  }

  /** A number in [0, 1) from a seed, a sample and a place. */
  static double uniform(long seed, int sample, int place) {
    long mixed = mix(mix(mix(seed) + sample) + place);
    return (mixed >>> 11) * 0x1.0p-53;
  }

  /** One step of SplitMix64. */
  private static long mix(long state) {
    long z = state + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * Where top-k and top-p cut.
   *
   * @param least the smallest weight that is kept
   * @param ties how many of that weight are, the first in the order of the vocabulary
   */
  private record Cut(double least, int ties) {}

  /**
   * The cut of weights of which the highest is 1. Only those above a floor are sorted, and the
   * floor falls until they suffice: mostly a few tokens of a large vocabulary do.
   */
  private Cut cut(double[] weights, double total) {
    if (how.topK() == 0 && how.topP() >= 1) {
      return EVERYTHING;
    }
    int most = how.topK() == 0 ? weights.length : Math.min(how.topK(), weights.length);
    double floor = FLOOR;
    while (true) {
      double least = floor;
      double[] ascending = Arrays.stream(weights).filter(w -> w >= least).sorted().toArray();
      boolean all = ascending.length == weights.length || floor == 0;
      int kept = 0;
      double mass = 0;
      while (kept < Math.min(most, ascending.length) && (kept == 0 || mass < how.topP() * total)) {
        mass += ascending[ascending.length - ++kept];
      }
      if (all || kept == most || mass >= how.topP() * total) {
        return cut(ascending, kept);
      }
      floor = floor < Double.MIN_NORMAL ? 0 : floor * FLOOR;
    }
  }

  private static Cut cut(double[] ascending, int kept) {
    double least = ascending[ascending.length - kept];
    if (least == 0) {
      return EVERYTHING;
    }
    int ties = 0;
    while (ties < kept && ascending[ascending.length - kept + ties] == least) {
      ties++;
    }
    return new Cut(least, ties);
  }
}
