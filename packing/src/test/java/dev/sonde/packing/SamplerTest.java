package dev.sonde.packing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.Sampling;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Held against the definition, written down plainly: sort everything, cut, invert. */
class SamplerTest {
  private static final int VOCABULARY = 600;

  private record Logs(double... values) implements Sampler.Distribution {
    @Override
    public double logProbability(int token) {
      return values[token];
    }

    @Override
    public int size() {
      return values.length;
    }
  }

  @Test
  void whatIsDrawnIsWhatTheDefinitionDraws() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      Logs next = drawn(random, round % 3 == 0);
      Sampling how =
          Sampling.temperature(0.2 + random.nextDouble() * 3)
              .topK(random.nextInt(3) == 0 ? 1 + random.nextInt(VOCABULARY + 5) : 0)
              .topP(random.nextInt(4) == 0 ? 1 : 0.05 + 0.949 * random.nextDouble());
      Sampler.Choices choices = new Sampler(how).choices(next);
      for (int sample = 0; sample < 5; sample++) {
        assertThat(choices.choose(round, sample, 3))
            .as("round %d, sample %d", round, sample)
            .isEqualTo(plainly(next, how, Sampler.uniform(round, sample, 3)));
      }
    }
  }

  @Test
  void aGreedyChoiceIsTheFirstOfTheHighest() {
    assertThat(new Sampler(Sampling.greedy()).choose(new Logs(-3, -1, -1, -2), 1, 0, 0))
        .isEqualTo(1);
  }

  @Test
  void tokensThatCannotComeAreNeverDrawn() {
    double never = Double.NEGATIVE_INFINITY;
    Logs next = new Logs(never, -0.5, never, -1, never);
    Sampler sampler = new Sampler(Sampling.temperature(0.6).topP(0.999999));
    for (int seed = 0; seed < 200; seed++) {
      assertThat(sampler.choose(next, seed, 0, 0)).isIn(1, 3);
    }
  }

  /** Distributions from peaked to flat; some with many equal probabilities. */
  private static Logs drawn(Random random, boolean ties) {
    double width = Math.pow(10, 2 * random.nextDouble() - 1);
    return new Logs(
        random
            .doubles(VOCABULARY)
            .map(u -> ties ? -Math.floor(u * 4) * width : Math.log(u) * width * 3)
            .toArray());
  }

  private static int plainly(Logs next, Sampling how, double uniform) {
    double highest = next.logProbability(Sampler.highest(next));
    double[] weights = new double[next.size()];
    double total = 0;
    for (int token = 0; token < weights.length; token++) {
      weights[token] = Math.exp((next.logProbability(token) - highest) / how.temperature());
      total += weights[token];
    }
    int[] order =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingDouble(token -> -weights[token]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] cut = new double[weights.length];
    double mass = 0;
    int most = how.topK() == 0 ? order.length : Math.min(order.length, how.topK());
    for (int rank = 0; rank < most; rank++) {
      if (how.topP() >= 1 || rank == 0 || mass < how.topP() * total) {
        cut[order[rank]] = weights[order[rank]];
        mass += weights[order[rank]];
      }
    }
    double all = 0;
    for (double weight : cut) {
      all += weight;
    }
    double rest = uniform * all;
    int last = 0;
    for (int token = 0; token < cut.length; token++) {
      if (cut[token] > 0) {
        last = token;
        rest -= cut[token];
        if (rest < 0) {
          return token;
        }
      }
    }
    return last;
  }
}
