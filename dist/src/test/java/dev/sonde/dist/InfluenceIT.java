package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The influence experiment, on a part of the last phase: facts and the documents that teach them.
 */
class InfluenceIT {
  private static final Path EXPERIMENT = Distribution.HOME.resolve("experiments/influence.yaml");
  private static final Path DATA = Distribution.HOME.resolve("models/microworld/data");
  private static final int DOCUMENTS = 240;
  private static final int SHARD = 100;
  private static final Path RETRAINING =
      Distribution.HOME.resolve("experiments/influence-retraining.yaml");
  private static final Path COMMITTED =
      Distribution.HOME.resolve("models/microworld/retraining.jsonl");

  /** What follows from tokens, settings and seeds alone, and what was measured. */
  private static final Pattern LINE =
      Pattern.compile("(?<before>\\{\"id\":\"subset-00-seed-1\".*)\"log_p\":\\[(?<numbers>.*)]");

  /** Rounding differs with the number of threads and grows over the steps. */
  private static final double NATS = 0.05;

  @TempDir static Path folder;

  private static Distribution sonde;
  private static Path documents;
  private static Path queries;
  private static Report report;

  @BeforeAll
  static void runTheExperiment() throws IOException {
    sonde = new Distribution(folder);
    documents = folder.resolve("documents.jsonl");
    try (Stream<String> lines = Files.lines(DATA.resolve("corpus.jsonl"))) {
      List<String> last = lines.filter(line -> line.contains("\"phase\": \"last\"")).toList();
      Files.write(documents, last.subList(0, DOCUMENTS));
    }
    queries = folder.resolve("queries.jsonl");
    try (Stream<String> lines = Files.lines(DATA.resolve("influence-queries.jsonl"))) {
      Files.write(queries, lines.filter(line -> line.contains("\"planted\"")).limit(8).toList());
    }
    Distribution.Said said = run("run", "probes.influence.with.shard=" + SHARD);
    assertThat(said.code()).as(said.err()).isZero();
    report = Report.of(folder.resolve("run"));
  }

  private static Distribution.Said run(String out, String... settings) {
    return run(out, documents, queries, settings);
  }

  private static Distribution.Said run(
      String out, Path documents, Path queries, String... settings) {
    Stream<String> sets =
        Stream.concat(
            Stream.of(
                "sets.documents.path=" + documents,
                "sets.queries.path=" + queries,
                "probes.influence.with.strategies=ekfac",
                "probes.influence.with.full_scores=true",
                "probes.influence.with.damping=0.1"),
            Stream.of(settings));
    return sonde.run(
        Stream.<Object>concat(
                Stream.<Object>of("run", EXPERIMENT, "--out", out),
                sets.flatMap(s -> Stream.of("--set", s)))
            .toArray());
  }

  @Test
  void documentsThatTeachAFactStandAtTheTopOfItsRanking() {
    assertThat(report.value("planted.hit")).isGreaterThanOrEqualTo(0.5); // the top is one of 240
    assertThat(report.metric("query.correlation").get("where")).isEqualTo(Map.of("kind", "fact"));
  }

  @Test
  void filesHaveTheNamesAndShapesOfKronfluence() {
    Path artifacts = folder.resolve("run/artifacts/influence");
    String module = "model.layers.3.mlp.down_proj";
    Tensors lambda = Tensors.of(artifacts.resolve("factors_ekfac/lambda_matrix.safetensors"));
    assertThat(lambda.values()).hasSize(12);
    assertThat(lambda.values().get(module)).startsWith("[128, 384] ");
    Tensors covariance =
        Tensors.of(artifacts.resolve("factors_ekfac/activation_covariance.safetensors"));
    assertThat(covariance.values().get(module)).startsWith("[384, 384] ");
    for (int first = 0; first < DOCUMENTS; first += SHARD) {
      String file = "scores_ekfac/pairwise_scores_%d.safetensors".formatted(first);
      Tensors scores = Tensors.of(artifacts.resolve(file));
      assertThat(scores.values().get("all_modules"))
          .startsWith("[8, %d] ".formatted(Math.min(SHARD, DOCUMENTS - first)));
    }
    assertThat(artifacts.resolveSibling("influence.top.jsonl")).exists();
    assertThat(sonde.run("verify", folder.resolve("run")).code()).isZero();
  }

  @Test
  void retrainingsOfOtherDocumentsAreLeftOutWithANote() {
    assertThat(folder.resolve("run/report.md"))
        .content()
        .contains("lds and retrain.effect are left out");
  }

  /** One of the committed retrainings, done again. */
  @Test
  void trainingAgainGivesTheCommittedMeasurement() throws IOException {
    Distribution.Said said =
        sonde.run(
            Stream.concat(
                    Stream.of("run", RETRAINING, "--out", "again"),
                    Stream.of(
                            "strategies=identity",
                            "factors=false",
                            "subsets=1",
                            "subset_seeds=1",
                            "groups=0")
                        .flatMap(s -> Stream.of("--set", "probes.influence.with." + s)))
                .toArray());
    assertThat(said.code()).as(said.err()).isZero();
    Path made = folder.resolve("again/artifacts/influence.retraining.jsonl");
    Matcher again = LINE.matcher(Files.readString(made));
    Matcher committed = LINE.matcher(Files.readString(COMMITTED));
    assertThat(again.find()).isTrue();
    assertThat(committed.find()).isTrue();
    assertThat(again.group("before")).isEqualTo(committed.group("before"));
    double[] expected = numbers(committed);
    double[] found = numbers(again);
    assertThat(found).hasSameSizeAs(expected);
    for (int query = 0; query < found.length; query++) {
      assertThat(found[query]).isCloseTo(expected[query], within(NATS));
    }
  }

  private static double[] numbers(Matcher line) {
    return Arrays.stream(line.group("numbers").split(","))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @Test
  void whatCannotBeUsedIsRefusedWithAMessage() throws IOException {
    Path bare = folder.resolve("bare.jsonl");
    Files.writeString(bare, "{\"id\": \"q\", \"prompt\": \"Q :\"}\n");
    refused("query 'q' has no 'completion'", run("bare", documents, bare));
    refused(
        "no document has phase=never", run("never", "probes.influence.with.keep=[phase=never]"));
    refused("fewer linears", run("small", "probes.influence.with.memory=0.01"));
    refused("needs gradients", run("plain", "model.backend=reference"));
    refused("a block has", run("none", "probes.influence.with.linears=[nothing.*]"));
  }

  private static void refused(String message, Distribution.Said said) {
    assertThat(said.err()).contains(message).doesNotContain("\tat ");
    assertThat(said.code()).as(said.err()).isIn(2, 3);
  }
}
