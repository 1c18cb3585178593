package dev.sonde.probe.influence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.probe.influence.read.MadeUpContext;
import dev.sonde.probe.influence.read.MadeUpModel;
import dev.sonde.probe.influence.read.MadeUpStudy;
import dev.sonde.probe.influence.read.Row;
import dev.sonde.testkit.SettingsConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whoever computes the shards, and in whatever order: the same bytes. */
class InfluenceProbeTest {
  private static final int ONE_A_SHARD = 0;

  /** Everything that has a stage of its own, in several shards each. */
  private static final Map<String, Object> SETTINGS =
      Map.ofEntries(
          Map.entry("blocks", "made"),
          Map.entry("linears", List.of("*")),
          Map.entry("strategies", List.of("ekfac", "kfac", "diagonal", "identity")),
          Map.entry("partitions", 3),
          Map.entry("shard", 9),
          Map.entry("resamples", 1),
          Map.entry("self", true),
          Map.entry("modules", true),
          Map.entry("full_scores", true),
          Map.entry("retrain_from", "base"),
          Map.entry("subsets", 3),
          Map.entry("groups", 2),
          Map.entry("group_size", 2),
          Map.entry("removed", 2),
          Map.entry("removal_seeds", 1));

  private static final Map<String, Study> SETS =
      Map.of("documents", documents(), "queries", queries());

  private static Study documents() {
    Random words = new Random(3);
    List<Example> rows = new ArrayList<>();
    for (int d = 0; d < 25; d++) {
      rows.add(new Row("d" + d, text(words, 3 + d % 4), Map.of()));
    }
    return new MadeUpStudy("documents", rows);
  }

  private static Study queries() {
    Random words = new Random(4);
    List<Example> rows = new ArrayList<>();
    for (int q = 0; q < 5; q++) {
      Map<String, List<String>> columns =
          Map.of(
              "completion", List.of(" " + text(words, 2)),
              "kind", List.of(q < 4 ? "fact" : "other"),
              "planted", List.of("d" + q));
      rows.add(new Row("q" + q, text(words, 4), columns));
    }
    return new MadeUpStudy("queries", rows);
  }

  private static String text(Random random, int words) {
    return random.ints(words, 0, 40).mapToObj(word -> "w" + word).collect(Collectors.joining(" "));
  }

  private static Probe probe(Map<String, Object> more) {
    Map<String, Object> given = new TreeMap<>(SETTINGS);
    given.putAll(more);
    ProbeFactory factory = new InfluencePlugin().probes().getFirst();
    return factory.create(new SettingsConfig(factory.settings(), given));
  }

  /** A run in which each worker is a process of its own: it makes the probe again. */
  private static MadeUpContext run(Map<String, Object> more, int workers) {
    return run(probe(more), worker -> probe(more)::shard, workers);
  }

  private static MadeUpContext run(
      Probe probe, IntFunction<MadeUpContext.Worker> workers, int count) {
    MadeUpContext context =
        new MadeUpContext(new MadeUpModel(), SETS, new TreeMap<>(), workers, count);
    probe.run(context);
    return context;
  }

  private static void assertSame(MadeUpContext found, MadeUpContext expected) {
    assertThat(found.reported()).hasSizeGreaterThan(50).isEqualTo(expected.reported());
    assertThat(found.files()).isEqualTo(expected.files());
    assertThat(found.kept().keySet()).isEqualTo(expected.kept().keySet());
    expected
        .kept()
        .forEach(
            (name, artifact) -> {
              Artifact other = found.kept().getOrDefault(name, Artifact.empty());
              assertThat(MadeUpContext.text(other.tensors()))
                  .as(name)
                  .isEqualTo(MadeUpContext.text(artifact.tensors()));
            });
  }

  @Test
  void aRunByOneThreeOrSixteenWorkersWritesTheSameBytes() {
    for (Map<String, Object> more :
        List.<Map<String, Object>>of(
            Map.of(), Map.of("query_rank", 2), Map.of("partitions", 1, "shard", 100))) {
      MadeUpContext one = run(more, 1);
      assertSame(run(more, 3), one);
      assertSame(run(more, 16), one);
    }
  }

  @Test
  void aProbeThatIsMadeAgainForEveryShardGivesWhatTheRunningOneGives() {
    for (Map<String, Object> more :
        List.<Map<String, Object>>of(Map.of(), Map.of("partitions", 1, "shard", 100))) {
      Probe probe = probe(more);
      MadeUpContext[] own = new MadeUpContext[1];
      own[0] =
          new MadeUpContext(
              new MadeUpModel(),
              SETS,
              new TreeMap<>(),
              worker -> (stage, input, context) -> probe.shard(stage, input, own[0]),
              1);
      probe.run(own[0]);
      assertSame(run(more, ONE_A_SHARD), own[0]);
    }
  }

  @Test
  void everyLongStageIsCutIntoShards() {
    Map<String, Long> shards =
        run(Map.of(), 1).kept().keySet().stream()
            .filter(name -> name.contains("/"))
            .collect(
                Collectors.groupingBy(
                    name -> name.substring(0, name.indexOf('/')),
                    TreeMap::new,
                    Collectors.counting()));
    assertThat(shards)
        .containsEntry("covariance", 3L)
        .containsEntry("eigenbasis", 4L)
        .containsEntry("lambda", 3L)
        .containsEntry("scores", 3L)
        .containsEntry("resample-1-lambda", 3L)
        .containsEntry("marks", 2L)
        .containsEntry("retraining", 3 * 2 + 1 + 4 * 2L);
  }

  @Test
  void aRunThatWasInterruptedAnywhereGoesOnToTheSameBytes() {
    MadeUpContext whole = run(Map.of(), 1);
    List<String> names = List.copyOf(whole.kept().keySet());
    for (int lost : IntStream.range(0, 3).toArray()) {
      Map<String, Artifact> kept = new TreeMap<>(whole.kept());
      IntStream.range(0, names.size())
          .filter(i -> i % 3 == lost)
          .forEach(i -> kept.remove(names.get(i)));
      MadeUpContext again =
          new MadeUpContext(new MadeUpModel(), SETS, kept, worker -> probe(Map.of())::shard, 1);
      probe(Map.of()).run(again);
      assertSame(again, whole);
    }
  }

  @Test
  void overOneDocumentThereIsNoCorrelationAndItIsSaid() {
    Map<String, Study> sets =
        Map.of(
            "documents",
            new MadeUpStudy("documents", documents().examples().subList(0, 1)),
            "queries",
            queries());
    ProbeFactory factory = new InfluencePlugin().probes().getFirst();
    Probe probe =
        factory.create(
            new SettingsConfig(
                factory.settings(), Map.of("blocks", "made", "linears", List.of("*"))));
    MadeUpContext context =
        new MadeUpContext(
            new MadeUpModel(), sets, new TreeMap<>(), worker -> probe::shard, ONE_A_SHARD);
    probe.run(context);
    assertThat(context.report().notes())
        .contains("Over one document alone queries have no correlation.");
    assertThat(context.report().metrics())
        .noneMatch(metric -> metric.name().equals("query.correlation"));
  }

  @Test
  void settingsThatMeanNothingAreRefusedByName() {
    ProbeFactory factory = new InfluencePlugin().probes().getFirst();
    for (String setting :
        List.of(
            "query_rank", "show", "resamples", "subsets", "groups", "top", "training_documents")) {
      assertThatThrownBy(
              () -> factory.create(new SettingsConfig(factory.settings(), Map.of(setting, -3))))
          .hasMessageContaining(setting);
    }
  }
}
