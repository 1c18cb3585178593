package dev.sonde.probe.influence.score;

import dev.sonde.probe.influence.curvature.Strategy;
import java.util.Locale;
import java.util.Optional;

/**
 * A way in which documents are ranked for a query.
 *
 * @param name of what scores them
 * @param variant how gradients are preconditioned; empty where no gradients are looked at
 * @param normalisation what scores are divided by
 */
public record Method(String name, Optional<ScoringVariant> variant, Normalisation normalisation) {
  /** By the words that a document shares with the query. */
  public static final Method BM25 = new Method("bm25", Optional.empty(), Normalisation.NONE);

  /** By the cosine of the mean activations of document and query, in the middle block. */
  public static final Method SIMILARITY =
      new Method("similarity", Optional.empty(), Normalisation.NONE);

  /** By influence. */
  static Method of(ScoringVariant variant, Normalisation normalisation) {
    return new Method(variant.strategy().word(), Optional.of(variant), normalisation);
  }

  /** The whole of it in words: {@code ekfac, damping 0.1, grad_norm}; {@code bm25}. */
  public String words() {
    return variant
        .map(
            own ->
                own.strategy() == Strategy.IDENTITY
                    ? "%s, %s".formatted(name, normalisation.word())
                    : String.format(
                        Locale.ROOT,
                        "%s, damping %s, %s",
                        name,
                        own.damping(),
                        normalisation.word()))
        .orElse(name);
  }
}
