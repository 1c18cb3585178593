package dev.sonde.probe.influence;

import dev.sonde.api.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a user chooses; see {@link InfluenceProbeFactory#settings}. */
record InfluenceSettings(
    Sources sources,
    Parameters parameters,
    List<Variant> variants,
    boolean sampledLabels,
    int fit,
    Normalisation normalisation,
    int queryRank,
    int resamples,
    Shown shown,
    RetrainingSettings retraining,
    long memory,
    int partitions,
    int shard) {

  /** Where documents and queries are, and how they are read. */
  record Sources(
      String documents,
      String queries,
      String completion,
      List<String> keep,
      Optional<String> lossFrom,
      boolean endToken) {}

  /** Which weights gradients are taken of. */
  record Parameters(String blocks, List<String> linears, List<Integer> layers) {}

  /** What is kept and shown beside the figures. */
  record Shown(boolean bm25, int top, int show, boolean factors, boolean self, boolean modules) {}

  private static final double GIBIBYTE = 1L << 30;

  static InfluenceSettings of(Config config) {
    for (String atLeastOne : List.of("fit", "top", "partitions", "shard")) {
      if (config.integer(atLeastOne) < 1) {
        throw config.error(atLeastOne, "must be at least 1");
      }
    }
    return new InfluenceSettings(
        new Sources(
            config.string("documents"),
            config.string("queries"),
            config.string("completion"),
            keep(config),
            config.has("loss_from") ? Optional.of(config.string("loss_from")) : Optional.empty(),
            config.flag("end_token")),
        new Parameters(config.string("blocks"), config.strings("linears"), layers(config)),
        variants(config),
        config.string("labels").equals("sampled"),
        config.integer("fit"),
        Normalisation.parse(config.string("normalise")),
        config.integer("query_rank"),
        config.integer("resamples"),
        new Shown(
            config.flag("bm25"),
            config.integer("top"),
            config.integer("show"),
            config.flag("factors"),
            config.flag("self"),
            config.flag("modules")),
        RetrainingSettings.of(config),
        (long) (config.real("memory") * GIBIBYTE),
        config.integer("partitions"),
        config.integer("shard"));
  }

  private static List<String> keep(Config config) {
    List<String> keep = config.strings("keep");
    for (String condition : keep) {
      if (!condition.contains("=")) {
        throw config.error("keep", "'%s' is not column=value".formatted(condition));
      }
    }
    return keep;
  }

  private static List<Integer> layers(Config config) {
    List<Integer> layers = new ArrayList<>();
    for (String layer : config.strings("layers")) {
      if (!layer.matches("\\d{1,5}")) {
        throw config.error("layers", "'%s' is no block".formatted(layer));
      }
      layers.add(Integer.parseInt(layer));
    }
    return layers;
  }

  /** Every strategy at the first damping, and the first strategy at the others. */
  private static List<Variant> variants(Config config) {
    List<Double> dampings = config.reals("damping");
    List<Strategy> strategies =
        config.strings("strategies").stream().map(Strategy::parse).distinct().toList();
    if (strategies.isEmpty() || dampings.isEmpty()) {
      throw config.error("strategies", "at least one strategy and one damping are needed");
    }
    if (dampings.stream().anyMatch(damping -> !(damping > 0))) {
      throw config.error("damping", "must be positive");
    }
    List<Variant> variants = new ArrayList<>();
    strategies.forEach(strategy -> variants.add(new Variant(strategy, dampings.getFirst())));
    if (strategies.getFirst() != Strategy.IDENTITY) {
      dampings.stream()
          .skip(1)
          .forEach(damping -> variants.add(new Variant(strategies.getFirst(), damping)));
    }
    return List.copyOf(variants);
  }

  List<Strategy> strategies() {
    return variants.stream().map(Variant::strategy).distinct().toList();
  }
}
