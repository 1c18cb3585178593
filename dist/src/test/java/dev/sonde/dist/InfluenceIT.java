package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    Distribution.Said said = run("run", "probes.influence.with.shard=100");
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
    Tensors scores = Tensors.of(artifacts.resolve("scores_ekfac/pairwise_scores.safetensors"));
    assertThat(scores.values().get("all_modules")).startsWith("[8, " + DOCUMENTS + "] ");
    assertThat(artifacts.resolveSibling("influence.top.jsonl")).exists();
    assertThat(sonde.run("verify", folder.resolve("run")).code()).isZero();
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
