package dev.sonde.packing;

import dev.sonde.api.model.Sampling;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Chooses tokens from log-probabilities. A choice is a function of the seed, the sample, the place
 * and the distribution alone, so that it does not depend on what else is generated.
 */
public final class Sampler {
  /** Increment of SplitMix64 (Steele, Lea and Flood 2014). */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

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

  /**
   * The next token.
   *
   * @param seed of the item
   * @param sample which of the item's samples
   * @param place how many tokens were generated before
   */
  public int choose(Distribution next, long seed, int sample, int place) {
    return how.isGreedy() ? highest(next) : sampled(next, uniform(seed, sample, place));
  }

  /** The first of the highest. */
  public static int highest(Distribution next) {
    int best = 0;
    for (int token = 1; token < next.size(); token++) {
      best = next.logProbability(token) > next.logProbability(best) ? token : best;
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

  /** Inverse of the cumulative distribution, in the order of the vocabulary. */
  private int sampled(Distribution next, double uniform) {
    double[] weights = weights(next);
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double rest = uniform * total;
    int last = 0;
    for (int token = 0; token < weights.length; token++) {
      if (weights[token] > 0) {
        last = token;
        rest -= weights[token];
        if (rest < 0) {
          return token;
        }
      }
    }
    return last;
  }

  /** Probabilities at the temperature, up to a factor; 0 for tokens cut off by top-k or top-p. */
  private double[] weights(Distribution next) {
    double highest = next.logProbability(highest(next));
    double[] weights = new double[next.size()];
    double total = 0;
    for (int token = 0; token < weights.length; token++) {
      weights[token] = Math.exp((next.logProbability(token) - highest) / how.temperature());
      total += weights[token];
    }
    if (how.topK() == 0 && how.topP() >= 1) {
      return weights;
    }
    int[] order =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingDouble(token -> -weights[token]))
            .mapToInt(Integer::intValue)
            .toArray();
    int kept = how.topK() == 0 ? order.length : Math.min(how.topK(), order.length);
    double mass = 0;
    double[] cut = new double[weights.length];
    for (int rank = 0; rank < kept && (rank == 0 || mass < how.topP() * total); rank++) {
      cut[order[rank]] = weights[order[rank]];
      mass += weights[order[rank]];
    }
    return cut;
  }
}
