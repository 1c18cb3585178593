package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.Resources;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.formats.json.Json;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.testkit.SettingsConfig;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Repeats the last phase of the micro-world's training, which {@code
 * models/microworld/make/train.py} did with PyTorch's own optimiser and padded batches.
 */
class LastPhaseTest {
  private static final Path FOLDER = Path.of("../../models/microworld");
  private static final int BATCH = 32;
  private static final int ROUNDS = 3;
  private static final double RATE = 5e-4;

  /** Measured: 5e-6 nats; packing without padding sums in another order. */
  private static final double NATS = 1e-3;

  /** Of what the last phase changes. Measured: 6e-5. */
  private static final double SHARE = 2e-3;

  @TempDir static Path folder;

  private static final Map<String, Integer> IDS = new HashMap<>();
  private static LanguageModel trained;

  @BeforeAll
  static void train() throws IOException {
    Path file = FOLDER.resolve("tokenizer.json");
    Map<?, ?> tokenizer = Json.object(file, Files.readAllBytes(file));
    Map<?, ?> vocabulary = (Map<?, ?>) ((Map<?, ?>) tokenizer.get("model")).get("vocab");
    vocabulary.forEach((word, id) -> IDS.put((String) word, ((Long) id).intValue()));
    try (LanguageModel base = open(FOLDER.resolve("base"))) {
      trained = base.train(plan());
      trained.save(folder.resolve("saved"));
    }
  }

  @AfterAll
  static void close() {
    trained.close();
  }

  private static LanguageModel open(Path model) {
    return new PyTorchBackendFactory()
        .open(
            ModelSource.of(
                model.toString(),
                model,
                Resources.of(Path.of("target", "cache")).threads(2),
                SettingsConfig.defaults(new PyTorchBackendFactory().settings())));
  }

  private static TrainingPlan plan() throws IOException {
    List<Sequence> documents =
        rows("corpus").stream()
            .filter(d -> d.get("phase").equals("last"))
            .map(LastPhaseTest::encode)
            .toList();
    List<List<Sequence>> batches = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int from = 0; from < documents.size(); from += BATCH) {
        batches.add(documents.subList(from, Math.min(from + BATCH, documents.size())));
      }
    }
    double steps = batches.size();
    return TrainingPlan.of(
        IntStream.range(0, batches.size())
            .mapToObj(t -> TrainingPlan.Step.of(batches.get(t), RATE * (1 - t / steps)))
            .toList());
  }

  private static Sequence encode(Map<String, Object> document) {
    String text = (String) document.get("text");
    int answer = ((Long) document.get("answer_at")).intValue();
    return encode(text.substring(0, answer - 1), text.substring(answer - 1) + " <eos>");
  }

  private static Sequence encode(String prompt, String completion) {
    int[] ids =
        Arrays.stream(("<bos> " + prompt + completion).split(" ")).mapToInt(IDS::get).toArray();
    return Sequence.of(ids).scoreFrom(1 + prompt.split(" ").length);
  }

  private static List<Map<String, Object>> rows(String name) throws IOException {
    Path file = FOLDER.resolve("data").resolve(name + ".jsonl");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      rows.add(Json.object(file, line.getBytes(StandardCharsets.UTF_8)));
    }
    return rows;
  }

  private static double[] logProbabilities(LanguageModel model, List<Sequence> queries) {
    double[] sums = new double[queries.size()];
    ForwardRequest request = ForwardRequest.of(queries).read(Read.logProbabilities());
    model
        .forward(request)
        .forEach(
            batch -> {
              Rows rows = batch.rows().getFirst();
              for (int row = 0; row < rows.count(); row++) {
                sums[rows.sequences()[row]] +=
                    rows.values().getAtIndex(ValueLayout.JAVA_FLOAT, row);
              }
            });
    return sums;
  }

  @Test
  void theShippedModelsWeightsComeOutAgain() {
    try (Arena arena = Arena.ofConfined()) {
      Map<String, Tensor> again = weights(folder.resolve("saved"), arena);
      Map<String, Tensor> shipped = weights(FOLDER, arena);
      Map<String, Tensor> base = weights(FOLDER.resolve("base"), arena);
      double apart = 0;
      double moved = 0;
      for (Tensor tensor : shipped.values()) {
        Tensor own = Objects.requireNonNull(again.get(tensor.name()));
        Tensor before = Objects.requireNonNull(base.get(tensor.name()));
        for (long i = 0; i < tensor.count(); i++) {
          apart += square(own.floatAt(i) - tensor.floatAt(i));
          moved += square(before.floatAt(i) - tensor.floatAt(i));
        }
      }
      assertThat(Math.sqrt(apart / moved)).isLessThan(SHARE);
    }
  }

  private static double square(double x) {
    return x * x;
  }

  private static Map<String, Tensor> weights(Path model, Arena arena) {
    return SafetensorsFile.open(model.resolve("model.safetensors"), arena).tensors();
  }

  @Test
  void completionsAreAsLikelyAsUnderTheShippedModelAndNotUnderTheBase() throws IOException {
    List<Sequence> queries =
        rows("influence-queries").stream()
            .map(q -> encode((String) q.get("prompt"), (String) q.get("completion")))
            .toList();
    try (LanguageModel shipped = open(FOLDER);
        LanguageModel base = open(FOLDER.resolve("base"));
        LanguageModel saved = open(folder.resolve("saved"))) {
      double[] again = logProbabilities(trained, queries);
      assertThat(again).containsExactly(logProbabilities(shipped, queries), within(NATS));
      assertThat(Arrays.stream(logProbabilities(base, queries)).min().orElseThrow())
          .isLessThan(-10);
      assertThat(logProbabilities(saved, queries)).containsExactly(again);
    }
  }
}
