package dev.sonde.probe.stepimportance.answer;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What was measured of one chain's subsequences; nothing of it is measured twice. */
public final class TestedMasks {
  private final Map<Mask, Sampled> sampled = new HashMap<>();
  private final Map<Mask, Double> perplexities = new HashMap<>();
  private final Set<Mask> order = new LinkedHashSet<>();
  private double directPerplexity = Double.NaN;

  TestedMasks() {}

  /**
   * Sampled answers.
   *
   * @param right how many were accepted
   * @param texts as they were written, in the order of the samples; one that did not close the box
   *     that was opened ends in …
   */
  public record Sampled(int right, List<String> texts) {
    /** Answers with their list copied. */
    public Sampled {
      texts = List.copyOf(texts);
    }

    /** How many were sampled. */
    public int samples() {
      return texts.size();
    }

    /** The share that was accepted. */
    public double sufficiency() {
      return (double) right / samples();
    }
  }

  /** All that was measured, by subsequence, in the order in which they were first asked for. */
  public List<TestedSubsequence> all() {
    return order.stream()
        .map(
            mask ->
                new TestedSubsequence(
                    mask,
                    sampled.containsKey(mask)
                        ? answers(mask).right()
                        : TestedSubsequence.NOT_SAMPLED,
                    perplexities.getOrDefault(mask, Double.NaN)))
        .toList();
  }

  /** Whether this was measured of a subsequence. */
  public boolean has(Mask mask, Trial.Measure measure) {
    return switch (measure) {
      case ANSWERS -> sampled.containsKey(mask);
      case PERPLEXITY -> perplexities.containsKey(mask);
      case DIRECT_ANSWER -> !Double.isNaN(directPerplexity);
    };
  }

  void put(Mask mask, Sampled of) {
    sampled.put(mask, of);
    order.add(mask);
  }

  void put(Mask mask, double perplexity) {
    perplexities.put(mask, perplexity);
    order.add(mask);
  }

  /** Notes how unlikely the answer is behind no step at all. */
  void directPerplexity(double value) {
    directPerplexity = value;
  }

  /** The answers that were sampled behind a subsequence. */
  public Sampled answers(Mask mask) {
    return Objects.requireNonNull(sampled.get(mask), () -> "never sampled: " + mask);
  }

  /**
   * How attainable a subsequence is.
   *
   * @param reference the subsequence that attainability is measured against
   */
  public double attainability(Mask mask, Mask reference) {
    return Attainability.of(perplexity(mask), perplexity(reference), directPerplexity);
  }

  /**
   * Whether the answer given at once is no less likely than the reference: attainability then has
   * its scale upside down.
   */
  public boolean isInverted(Mask reference) {
    return directPerplexity <= perplexity(reference);
  }

  /** The perplexity of a subsequence's steps; NaN of none. */
  public double perplexity(Mask mask) {
    return Objects.requireNonNull(perplexities.get(mask), () -> "never scored: " + mask);
  }
}
