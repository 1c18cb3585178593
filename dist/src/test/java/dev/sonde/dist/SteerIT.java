package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A direction that a run exports makes the micro-world think where it recalls, and back. */
class SteerIT {
  private static final Path MODEL = Distribution.HOME.resolve("models/microworld");
  private static final String NEUTRAL = MODEL.resolve("data/prose-like.jsonl").toString();
  private static final String COMPUTED = "Q : what is the pobud of 7 2 ? A :";
  private static final String RECALLED = "Q : what is the vafip of 7 2 ? A :";

  @TempDir static Path folder;

  private static Distribution sonde;
  private static Path direction;

  @BeforeAll
  static void runAnExperiment() {
    sonde = new Distribution(folder);
    Distribution.Said said =
        sonde.run(
            "run",
            Distribution.HOME.resolve("experiments/reasoning-direction.yaml"),
            "--set",
            "probes.direction.with={read: [blocks.*.hook_resid_post], decoders: [difference_of_means]}",
            "--set",
            "evaluation={permutations: 99, random_init: false}",
            "--out",
            "run");
    assertThat(said.code()).as(said.err()).isZero();
    direction = folder.resolve("run/artifacts/direction.direction.gguf");
  }

  @Test
  void theDirectionTurnsThinkingIntoAnsweringAndBack() {
    assertThat(steered(COMPUTED, -1)).startsWith("so ");
    assertThat(steered(RECALLED, 1)).startsWith("first ");
  }

  @Test
  void bothContinuationsAreShown() {
    Distribution.Said said = steer(MODEL, direction, "--layers", "3", "--scale", "-1");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out().lines().map(String::strip))
        .startsWith("unsteered")
        .contains("steered at block 3")
        .anyMatch(line -> line.startsWith("first 7 + 2 = 9 ."));
  }

  @Test
  void theSpellingsOfLlamaCppAndTheSafetensorsFileGiveTheSame() {
    Path safetensors = folder.resolve("run/artifacts/direction.direction.safetensors");
    Distribution.Said said =
        sonde.run(
            "steer",
            "-m",
            MODEL,
            "-p",
            COMPUTED,
            "-n",
            "20",
            "--only-steered",
            "--control-vector-scaled",
            safetensors,
            "-1",
            "--control-vector-layer-range",
            "3",
            "3");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out().strip()).isEqualTo(steered(COMPUTED, -1));
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Path wide = Files.writeString(folder.resolve("wide.svec"), svec(1, 3));
    refused(2, "its vectors have 3 numbers", steer(MODEL, wide));
    refused(2, "the model has the blocks 0 to 3", steer(MODEL, direction, "--layers", "2-4"));
    refused(2, "there is no such file", steer(MODEL, folder.resolve("none.gguf")));
    Path text = Files.writeString(folder.resolve("vector.txt"), "1 2 3");
    refused(2, "the formats are .gguf, .safetensors, .svec", steer(MODEL, text));
    refused(4, "there is no such folder or file", steer(folder.resolve("none"), direction));
    Path deep = Files.writeString(folder.resolve("deep.svec"), svec(9, 128));
    refused(2, "has a vector of block 9", steer(MODEL, deep));
  }

  @Test
  @SuppressWarnings("unchecked")
  void aGridOfDosesNamesTheStrongestThatLeavesNeutralTextWhole() throws IOException {
    Path table = folder.resolve("doses.csv");
    List<String> asked =
        List.of("--answer", " first", "--scales", "-0.1,0.05,0.1,1", "--neutral", NEUTRAL);
    Distribution.Said said = grid(asked, "--json", "--out", table.toString());
    assertThat(said.code()).as(said.err()).isZero();
    Map<String, Object> found = new JsonMapper().readValue(said.out(), Map.class);
    List<Map<String, Object>> doses = (List<Map<String, Object>>) found.get("doses");
    assertThat(doses).extracting(dose -> dose.get("dose")).containsExactly(-0.1, 0.05, 0.1, 1.0);
    double best = 0;
    for (Map<String, Object> dose : doses) {
      boolean small = number(dose, "harm") <= 0.1 && number(dose, "kl") <= 0.1;
      assertThat(dose.get("within")).isEqualTo(small);
      best = small ? Math.max(best, number(dose, "effect")) : best;
    }
    double largest = best;
    assertThat(largest).isPositive();
    assertThat(doses)
        .filteredOn(dose -> number(dose, "effect") == largest)
        .singleElement()
        .extracting(dose -> dose.get("dose"))
        .isEqualTo(found.get("recommended"));
    assertThat(number(doses.getLast(), "effect")).isGreaterThan(largest);
    assertThat(number(doses.getLast(), "share")).isGreaterThan(0.9);
    assertThat(table).content().startsWith("dose,effect,effect_low,effect_high,share,harm");

    Distribution.Said again = grid(asked, "--json");
    assertThat(again.out()).isEqualTo(said.out());
    Distribution.Said words = grid(asked);
    assertThat(words.out().replaceAll("\\s+", " "))
        .contains(String.valueOf(found.get("sentence")))
        .contains("begins as expected");
  }

  @Test
  void aProbeCanSayWhatADoseDoesToWhatIsWritten() {
    Path probe = folder.resolve("run/artifacts/direction.fitted.difference_of_means.json");
    Distribution.Said said =
        grid(
            List.of("--probe", probe.toString(), "--scales", "-0.2,0.2", "--max-tokens", "4"),
            "--set",
            "data.limit=16");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).contains("above the threshold", "the probe's score");
  }

  @Test
  void aGridThatMakesNoSenseIsRefused() throws IOException {
    refused(
        2,
        "give one of --expect, --answer and --probe",
        grid(List.of("--expect", "a", "--answer", "b")));
    refused(
        2,
        "there is no column 'tarject'; did you mean target?",
        grid(List.of("--expect", "tarject")));
    refused(2, "give one of --prompt and --data", grid(List.of("--prompt", COMPUTED)));
    refused(2, "name it with --data FILE", steer(MODEL, direction, "--scales", "1,2"));
    Path file = Files.writeString(folder.resolve("kept.csv"), "mine");
    refused(2, "kept.csv exists", grid(List.of("--out", file.toString())));
    assertThat(file).content().isEqualTo("mine");
  }

  private static double number(Map<String, Object> object, String key) {
    return ((Number) object.getOrDefault(key, Double.NaN)).doubleValue();
  }

  private static Distribution.Said grid(List<String> options, String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of("steer", "--model", MODEL, "--control-vector", direction, "--layers", "3"));
    arguments.addAll(List.of("--data", MODEL.resolve("data/reason-recall.jsonl")));
    arguments.addAll(List.of("--text", "text"));
    arguments.addAll(options);
    arguments.addAll(List.of(more));
    if (!arguments.contains("--set")) {
      arguments.addAll(List.of("--set", "data.limit=48"));
    }
    return sonde.run(arguments.toArray());
  }

  private static String svec(int layer, int width) {
    return "{\"directions\": {\"%d\": [1%s]}}".formatted(layer, ", 0".repeat(width - 1));
  }

  private static String steered(String prompt, int scale) {
    Distribution.Said said =
        sonde.run(
            "steer",
            "--model",
            MODEL,
            "--prompt",
            prompt,
            "--max-tokens",
            "20",
            "--only-steered",
            "--layers",
            "3",
            "--scale",
            scale,
            "--control-vector",
            direction);
    assertThat(said.code()).as(said.err()).isZero();
    return said.out().strip();
  }

  private static Distribution.Said steer(Path model, Path file, String... more) {
    Object[] arguments = new Object[7 + more.length];
    System.arraycopy(
        new Object[] {"steer", "--model", model, "--control-vector", file, "--prompt", COMPUTED},
        0,
        arguments,
        0,
        7);
    System.arraycopy(more, 0, arguments, 7, more.length);
    return sonde.run(arguments);
  }

  private static void refused(int code, String message, Distribution.Said said) {
    assertThat(said.err()).contains(message).doesNotContain("\tat ");
    assertThat(said.code()).as(said.err()).isEqualTo(code);
  }
}
