package dev.sonde.probe.position.atlas;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.position.perturb.Head;
import dev.sonde.probe.position.read.Text;
import dev.sonde.probe.position.read.TextShard;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Where every head of a model looks.
 *
 * @param shares per head and pattern the mean over texts, with its interval
 */
public record Atlas(SequencedMap<Head, Map<Pattern, Estimate>> shares) {

  /** Runs a model on texts, and on random tokens that come twice. */
  public static Atlas of(ProbeContext context, String name, ModelInfo info, List<Text> texts) {
    List<Text> repeats = Repeats.of(texts, context.random("repeated tokens"));
    Map<Boolean, List<Artifact>> results =
        Map.of(
            false, shards(context, PatternShard.STAGE, name, texts),
            true, shards(context, PatternShard.REPEATED, name, repeats));
    SequencedMap<Head, Map<Pattern, Estimate>> shares = new TreeMap<>();
    Map<Boolean, ClusterBootstrap> bootstraps =
        Map.of(
            false, bootstrap(context, texts.size()),
            true, bootstrap(context, repeats.size()));
    for (int layer = 0; layer < info.layers(); layer++) {
      for (int own = 0; own < info.heads(); own++) {
        Head head = new Head(layer, own);
        Map<Pattern, Estimate> ofHead = new EnumMap<>(Pattern.class);
        for (Pattern pattern : Pattern.values()) {
          double[] values =
              perText(results.getOrDefault(pattern.ofRepeats(), List.of()), pattern, head, info);
          ClusterBootstrap drawn = bootstraps.get(pattern.ofRepeats());
          if (drawn != null) {
            ofHead.put(pattern, drawn.mean(values));
          }
        }
        shares.put(head, ofHead);
      }
    }
    return new Atlas(shares);
  }

  private static List<Artifact> shards(
      ProbeContext context, String stage, String name, List<Text> texts) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    TextShard.cut(name, texts).forEach(shard -> inputs.put(shard.name(), shard.input()));
    return List.copyOf(context.shards(stage, PatternShard.VERSION, inputs).values());
  }

  private static ClusterBootstrap bootstrap(ProbeContext context, int texts) {
    return new ClusterBootstrap(
        Groups.ofSingleRows(texts),
        context.bootstrapDraws(),
        context.random("bootstrap of patterns on " + texts + " texts"));
  }

  private static double[] perText(
      List<Artifact> shards, Pattern pattern, Head head, ModelInfo info) {
    int row = head.layer() * info.heads() + head.head();
    return shards.stream()
        .flatMapToDouble(shard -> Arrays.stream(shard.tensor(pattern.key()).row(row)))
        .toArray();
  }

  /** A head's share. */
  public double share(Head head, Pattern pattern) {
    Estimate estimate = shares.getOrDefault(head, Map.of()).get(pattern);
    return estimate == null ? Double.NaN : estimate.value();
  }

  /** The pattern that a head has most of, by what is called enough; empty where none is. */
  public Optional<Pattern> kind(Head head) {
    return Arrays.stream(Pattern.values())
        .filter(pattern -> share(head, pattern) >= pattern.enough())
        .max(Comparator.comparingDouble(pattern -> share(head, pattern) / pattern.enough()));
  }

  /** Every share as a metric. */
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    shares.forEach(
        (head, own) ->
            own.forEach(
                (pattern, share) -> {
                  Metric metric =
                      Metric.of("attention." + pattern.key(), share.value())
                          .where("layer", head.layer())
                          .where("head", head.head());
                  metrics.add(
                      share.interval().exists()
                          ? metric.interval(share.low(), share.high())
                          : metric);
                }));
    return metrics;
  }
}
