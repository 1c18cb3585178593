package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The position experiment on the micro-world, whole and on what it has to refuse. */
class PositionIT {
  private static final int HEADS = 4 * 8;

  @TempDir static Path folder;

  private static Distribution sonde;
  private static Distribution.Said said;
  private static Report report;

  @BeforeAll
  static void runTheExperiment() {
    sonde = new Distribution(folder);
    said = run("whole");
    assertThat(said.code()).as(said.err()).isZero();
    report = Report.of(folder.resolve("whole"));
  }

  private static Distribution.Said run(String out, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of("run", Distribution.HOME.resolve("experiments/position.yaml"), "--out", out));
    arguments.addAll(List.of(more));
    return sonde.run(arguments.toArray());
  }

  private static List<Map<String, Object>> metrics(String name, String key, Object value) {
    return report.metrics().stream()
        .filter(m -> m.get("name").equals(name))
        .filter(m -> value.equals(where(m).get(key)))
        .toList();
  }

  private static Map<?, ?> where(Map<String, Object> metric) {
    return (Map<?, ?>) metric.get("where");
  }

  private static double value(String name, String model) {
    return (Double) metrics(name, "model", model).getFirst().get("value");
  }

  private static double ratio(String perturbation, double fraction) {
    return (Double)
        metrics("perplexity.ratio", "perturbation", perturbation).stream()
            .filter(m -> "trained".equals(where(m).get("model")))
            .filter(m -> ((Number) where(m).get("fraction")).doubleValue() == fraction)
            .findFirst()
            .orElseThrow()
            .get("value");
  }

  @Test
  void everyHeadOfBothModelsHasItsFigures() {
    for (String model : List.of("trained", "random_init")) {
      for (String name :
          List.of("r.e1", "r.e2", "r.e3", "r.e4", "gain.key_axis", "bound.tightness")) {
        List<Map<String, Object>> heads = metrics(name, "model", model);
        assertThat(heads).as(name).hasSize(HEADS);
        assertThat(heads).allSatisfy(m -> assertThat((Double) m.get("value")).isBetween(0.0, 1.0));
        assertThat(value(name + ".median", model)).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void logitsAreTheScoresThatTheModelItselfComputes() {
    assertThat(value("logits.error", "trained")).isLessThan(1e-4);
    assertThat(value("logits.error", "random_init")).isLessThan(1e-4);
  }

  @Test
  void theVerdictSpeaksFirstAndCallsAHighRNoProof() {
    assertThat(said.out())
        .containsPattern("(yes|no|cannot be told) +Does what a token means add")
        .containsPattern("no +Does position plus content");
    assertThat(said.out().indexOf("Does what a token means add"))
        .isLessThan(said.out().indexOf("A high r alone proves nothing"));
    assertThat(said.out()).contains("reconstructions");
  }

  @Test
  void noPerturbationChangesNothingAndMoreOfItMore() {
    for (String kind : List.of("order", "positions", "jitter")) {
      assertThat(ratio(kind, 0)).isEqualTo(1.0);
    }
    assertThat(ratio("order", 0.5)).isGreaterThan(ratio("order", 0.1));
    assertThat(ratio("order", 0.1)).isGreaterThan(ratio("order", 0.05)).isGreaterThan(1);
  }

  @Test
  void substitutingTheLogitsThemselvesCostsNothingAndAShuffledGMuchMoreThanG() {
    assertThat(ratio("substitution.exact", 1)).isCloseTo(1, within(1e-4));
    assertThat(ratio("substitution.shuffled", 1)).isGreaterThan(3 * ratio("substitution.e3", 1));
  }

  @Test
  void theFirstTokensAndAWindowHoldWhatPlainRotationLosesOnLongContexts() {
    double plain = longest("length.plain");
    assertThat(plain).isGreaterThan(10);
    assertThat(longest("length.window")).isLessThan(plain / 5);
  }

  private static double longest(String perturbation) {
    return (Double)
        metrics("perplexity.ratio", "perturbation", perturbation).getLast().get("value");
  }

  @Test
  void rowsThatFillNoTextAreRefusedWithARemedy() throws IOException {
    Path rows = Files.writeString(folder.resolve("short.jsonl"), "{\"text\": \"a 3 . b 7 .\"}\n");
    Distribution.Said refused = run("short", "--set", "data.path=" + rows);
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("fewer than one text of 256").contains("window");
  }

  @Test
  void oneTextIsMeasuredWithoutIntervals() throws IOException {
    String text = "Q : d 3 . c 12 . m 3 . b 8 . practise . A : b 8 . m 3 . ".repeat(3);
    Path rows =
        Files.writeString(folder.resolve("one.jsonl"), "{\"text\": \"%s\"}\n".formatted(text));
    Distribution.Said one =
        run(
            "one",
            "--set",
            "data.path=" + rows,
            "--set",
            "probes.position.with.window=32",
            "--set",
            "probes.position.with.perturbations=[order]");
    assertThat(one.code()).as(one.err()).isZero();
    assertThat(one.out()).contains("With one text there are no intervals");
    assertThat(Report.of(folder.resolve("one")).metric("r.e1").get("low")).isNull();
  }

  @Test
  void anUnknownPerturbationIsRefusedByItsKey() {
    Distribution.Said refused =
        run("unknown", "--set", "probes.position.with.perturbations=[ordre]");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("perturbations").contains("'ordre' is not one of order");
  }
}
