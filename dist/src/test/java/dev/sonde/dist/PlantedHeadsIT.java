package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heads whose weights were written down are called by their names, and do what they are for. */
class PlantedHeadsIT {
  private static final List<Integer> SEEDS = List.of(1, 2, 3);

  /** What the probe says of every head, by {@code block.head}. */
  private static Map<String, Map<String, Object>> atlas(Path folder, int seed, String perturbed) {
    Path planted = planted(seed);
    Path out = folder.resolve("seed-" + seed);
    Distribution.Said said =
        new Distribution(folder)
            .run(
                "run",
                Distribution.HOME.resolve("experiments/position-heads.yaml"),
                "--model",
                planted,
                "--set",
                "data.path=" + planted.resolve("texts.jsonl"),
                "--set",
                "probes.position.with.texts=8",
                "--set",
                "probes.position.with.perturbations=[" + perturbed + "]",
                "--out",
                out);
    assertThat(said.code()).as(said.err()).isZero();
    Map<String, Map<String, Object>> heads = new LinkedHashMap<>();
    for (Map<String, Object> head : figure(Report.json(out.resolve("report.json")), "atlas")) {
      heads.put(head.get("block") + "." + head.get("head"), head);
    }
    return heads;
  }

  private static Path planted(int seed) {
    return Distribution.HOME.resolve("models/heads/seed-" + seed);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> figure(Map<String, Object> report, String name) {
    Map<String, Object> probe = ((List<Map<String, Object>>) report.get("probes")).getFirst();
    Map<String, Object> figure =
        ((List<Map<String, Object>>) probe.get("figures"))
            .stream().filter(f -> name.equals(f.get("name"))).findFirst().orElseThrow();
    Map<String, Object> drawn = (Map<String, Object>) figure.get("vegaLite");
    return (List<Map<String, Object>>) ((Map<String, Object>) drawn.get("datasets")).get(name);
  }

  /** What was planted, {@code name seed block.head}, where a head has a name of that kind. */
  @SuppressWarnings("unchecked")
  private static Set<String> planted(int seed, String kind) {
    Set<String> named = new TreeSet<>();
    Report.json(planted(seed).resolve("heads.json"))
        .forEach((head, what) -> add(named, ((Map<String, Object>) what).get(kind), seed, head));
    return named;
  }

  private static void add(Set<String> named, Object name, int seed, String head) {
    if (!"".equals(name)) {
      named.add("%s %d %s".formatted(name, seed, head));
    }
  }

  @Test
  void everyPlantedHeadOfThreeSeedsIsCalledByItsNameAndNoOtherIs(@TempDir Path folder) {
    Set<String> made = new TreeSet<>();
    Set<String> looking = new TreeSet<>();
    Set<String> plantedMade = new TreeSet<>();
    Set<String> plantedLooking = new TreeSet<>();
    for (int seed : SEEDS) {
      atlas(folder, seed, "")
          .forEach(
              (head, found) -> {
                add(made, found.get("made"), seed, head);
                // Heads that answer questions rest on the first token: nobody planted that by name.
                boolean rests = "sink".equals(found.get("kind"));
                add(looking, rests ? "" : found.get("kind"), seed, head);
              });
      plantedMade.addAll(planted(seed, "made_of"));
      plantedLooking.addAll(planted(seed, "looks_at"));
    }
    assertThat(made).hasSize(SEEDS.size() * 10).isEqualTo(plantedMade);
    assertThat(looking).isEqualTo(plantedLooking);
  }

  @Test
  void aSumDoesInPlaceOfAdditiveHeadsAndNotInPlaceOfBoundOnes(@TempDir Path folder) {
    List<String> bound = new ArrayList<>();
    List<String> additive = new ArrayList<>();
    atlas(folder, 2, "substituted_heads")
        .forEach(
            (head, found) -> {
              double uniform = number(found.get("uniform"));
              if (uniform > 0.1) {
                boolean sum = number(found.get("sum")) < 0.1 * uniform;
                (sum ? additive : bound).add("%s %d %s".formatted(found.get("made"), 2, head));
              }
            });
    assertThat(additive).hasSize(3).noneMatch(head -> head.startsWith("bound"));
    assertThat(bound).hasSize(2).allMatch(head -> head.startsWith("bound"));
  }

  private static double number(Object value) {
    return value instanceof Number number ? number.doubleValue() : 0;
  }
}
