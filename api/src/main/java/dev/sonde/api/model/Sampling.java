package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;

/** How the next token is chosen from the model's distribution. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Sampling {
  private static final Sampling GREEDY = new Sampling(0, 0, 1);

  private final double temperature;
  private final int topK;
  private final double topP;

  private Sampling(double temperature, int topK, double topP) {
    if (!(temperature >= 0) || topK < 0 || !(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "temperature %s, top-k %d, top-p %s: they must be at least 0, at least 0, in (0, 1]"
              .formatted(temperature, topK, topP));
    }
    this.temperature = temperature;
    this.topK = topK;
    this.topP = topP;
  }

  /** Always the most probable token; the first of them where several are. */
  public static Sampling greedy() {
    return GREEDY;
  }

  /** Tokens drawn from the distribution; a temperature of 0 is greedy. */
  public static Sampling temperature(double temperature) {
    return new Sampling(temperature, 0, 1);
  }

  /** Among the most probable tokens only; 0 is all. */
  public Sampling topK(int tokens) {
    return new Sampling(temperature, tokens, topP);
  }

  /** Among the most probable tokens that together reach that probability. */
  public Sampling topP(double probability) {
    return new Sampling(temperature, topK, probability);
  }

  /** Whether nothing is drawn. */
  public boolean isGreedy() {
    return temperature == 0;
  }

  /** The temperature; 0 is greedy. */
  public double temperature() {
    return temperature;
  }

  /** How many of the most probable tokens are drawn from; 0 is all. */
  public int topK() {
    return topK;
  }

  /** The probability that the tokens drawn from reach together. */
  public double topP() {
    return topP;
  }
}
