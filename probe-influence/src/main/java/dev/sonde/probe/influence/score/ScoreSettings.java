package dev.sonde.probe.influence.score;

import dev.sonde.api.config.Config;
import dev.sonde.probe.influence.curvature.Strategy;
import dev.sonde.probe.influence.read.LinearModule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How documents are scored.
 *
 * @param variants ways of scoring; the first is reported, the others compared with it
 * @param normalisation what reported scores are divided by
 * @param queryRank rank to which queries' gradients are reduced; 0 keeps them whole
 * @param self whether what documents score for themselves is computed
 * @param modules whether each linear's part is kept
 * @param similarity whether documents are also ranked by their activations
 * @param full whether all scores are kept, and not only the highest
 * @param depth documents held of each query, of the reported method and of each other
 * @param solver how what factors leave out is solved for
 * @param training documents that the model was trained on; empty where they are those scored
 * @param memory most bytes that factors, queries and rows may take
 * @param shard documents of a shard
 */
public record ScoreSettings(
    List<ScoringVariant> variants,
    Normalisation normalisation,
    int queryRank,
    boolean self,
    boolean modules,
    boolean similarity,
    boolean full,
    Depth depth,
    ConjugateGradients solver,
    OptionalInt training,
    long memory,
    int shard) {
  private static final double GIBIBYTE = 1L << 30;

  /**
   * Documents held of each query.
   *
   * @param reported of the reported method
   * @param compared of each other
   */
  record Depth(int reported, int compared) {
    static Depth of(Config config) {
      int removed = config.integer("removed") * config.integer("group_size");
      return new Depth(
          Math.max(SummaryShape.REPORTED, Math.max(config.integer("top"), removed)),
          Math.max(SummaryShape.COMPARED, removed));
    }
  }

  /** As configured. */
  public static ScoreSettings of(Config config) {
    if (config.integer("query_rank") < 0) {
      throw config.error("query_rank", "must not be negative; 0 keeps queries whole");
    }
    if (!(config.real("memory") > 0)) {
      throw config.error("memory", "must be positive");
    }
    return new ScoreSettings(
        variants(config),
        Normalisation.parse(config.string("normalise")),
        config.integer("query_rank"),
        config.flag("self"),
        config.flag("modules"),
        config.flag("similarity"),
        config.flag("full_scores"),
        Depth.of(config),
        solver(config),
        training(config),
        (long) (config.real("memory") * GIBIBYTE),
        config.integer("shard"));
  }

  /** The rank that queries are reduced to: no more than gradients have; 0 keeps them whole. */
  int rank(List<LinearModule> linears) {
    return Math.min(queryRank, LinearModule.largestRank(linears));
  }

  private static ConjugateGradients solver(Config config) {
    if (config.integer("cg_iterations") < 1) {
      throw config.error("cg_iterations", "must be at least 1");
    }
    if (!(config.real("cg_tolerance") >= 0)) {
      throw config.error("cg_tolerance", "must not be negative");
    }
    return new ConjugateGradients(config.integer("cg_iterations"), config.real("cg_tolerance"));
  }

  private static OptionalInt training(Config config) {
    if (!config.has("training_documents")) {
      return OptionalInt.empty();
    }
    int count = config.integer("training_documents");
    if (count < 1) {
      throw config.error("training_documents", "must be at least 1");
    }
    return OptionalInt.of(count);
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

  /** The length of a residual, over that of the query's gradient, that counts as solved. */
  public double tolerance() {
    return solver.tolerance();
  }

  /** How many products with the Fisher matrix a solution takes at most. */
  public int iterations() {
    return solver.iterations();
  }

  /** Documents held of each query, of a method that is not reported. */
  public int compared() {
    return depth.compared();
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

  /**
   * The ways in which documents are ranked after a fit: the reported one, and for the first fit
   * every variant with every division that ranks differently, and activations.
   *
   * @param fit its number
   */
  List<Method> methods(int fit) {
    List<Method> methods = new ArrayList<>(List.of(Method.of(first(), normalisation)));
    if (fit == 0) {
      for (ScoringVariant variant : variants) {
        Normalisation.RANKING.forEach(each -> methods.add(Method.of(variant, each)));
      }
      if (similarity) {
        methods.add(Method.SIMILARITY);
      }
    }
    return methods.stream().distinct().toList();
  }

  /** The strategies of these variants, each once. */
  public List<Strategy> strategies(int fit) {
    return variants(fit).stream().map(ScoringVariant::strategy).distinct().toList();
  }
}
