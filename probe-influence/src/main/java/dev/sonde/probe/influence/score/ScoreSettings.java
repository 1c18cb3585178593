package dev.sonde.probe.influence.score;

import dev.sonde.api.config.Config;
import dev.sonde.probe.influence.curvature.Strategy;
import java.util.ArrayList;
import java.util.List;

/**
 * How documents are scored.
 *
 * @param variants ways of scoring; the first is reported, the others compared with it
 * @param normalisation what reported scores are divided by
 * @param queryRank rank to which queries' gradients are reduced; 0 keeps them whole
 * @param self whether what documents score for themselves is computed
 * @param modules whether each linear's part is kept
 * @param memory most bytes that factors, queries and rows may take
 * @param shard documents of a shard
 */
public record ScoreSettings(
    List<ScoringVariant> variants,
    Normalisation normalisation,
    int queryRank,
    boolean self,
    boolean modules,
    long memory,
    int shard) {
  private static final double GIBIBYTE = 1L << 30;

  /** As configured. */
  public static ScoreSettings of(Config config) {
    return new ScoreSettings(
        variants(config),
        Normalisation.parse(config.string("normalise")),
        config.integer("query_rank"),
        config.flag("self"),
        config.flag("modules"),
        (long) (config.real("memory") * GIBIBYTE),
        config.integer("shard"));
  }

  /** Every strategy at the first damping, and the first strategy at the others. */
  private static List<ScoringVariant> variants(Config config) {
    List<Double> dampings = config.reals("damping");
    List<Strategy> strategies =
        config.strings("strategies").stream().map(Strategy::parse).distinct().toList();
    if (strategies.isEmpty() || dampings.isEmpty()) {
      throw config.error("strategies", "at least one strategy and one damping are needed");
    }
    if (dampings.stream().anyMatch(damping -> !(damping > 0))) {
      throw config.error("damping", "must be positive");
    }
    List<ScoringVariant> variants = new ArrayList<>();
    strategies.forEach(strategy -> variants.add(new ScoringVariant(strategy, dampings.getFirst())));
    if (strategies.getFirst() != Strategy.IDENTITY) {
      dampings.stream()
          .skip(1)
          .forEach(damping -> variants.add(new ScoringVariant(strategies.getFirst(), damping)));
    }
    return List.copyOf(variants);
  }

  /** The variant that is reported. */
  public ScoringVariant first() {
    return variants.getFirst();
  }

  /**
   * The variants that are scored after a fit. Those on other labels only show how stable rankings
   * are, for which the first will do.
   *
   * @param fit its number
   */
  public List<ScoringVariant> variants(int fit) {
    return fit == 0 ? variants : variants.subList(0, 1);
  }

  /** The strategies of these variants, each once. */
  public List<Strategy> strategies(int fit) {
    return variants(fit).stream().map(ScoringVariant::strategy).distinct().toList();
  }
}
