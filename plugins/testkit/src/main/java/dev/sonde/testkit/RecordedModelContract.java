package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backend computes what another implementation computed on the same model. The recording is a
 * safetensors file with tensors {@code PROMPT/tokens}, {@code PROMPT/HOOK} ({@code [tokens,
 * width]}, float32), {@code PROMPT/log_prob} and {@code PROMPT/greedy}.
 */
public abstract class RecordedModelContract {
  /** Float32 against float32, per row ‖a − b‖ / ‖b‖. */
  private static final double TOLERANCE = 1e-5;

  /** A folder for the test. */
  @TempDir protected Path folder;

  private final Map<String, Map<String, Tensor>> prompts = new TreeMap<>();
  private LanguageModel backend;

  /** For sub-classes. */
  protected RecordedModelContract() {}

  /** The backend under test. */
  protected abstract ModelBackendFactory factory();

  /** The model's folder. */
  protected abstract Path model();

  /** The recording. */
  protected abstract Path recording();

  @BeforeEach
  void open() {
    backend = OpenedModel.of(factory(), model(), folder);
    SafetensorsFile.open(recording(), Arena.ofAuto())
        .tensors()
        .forEach(
            (name, tensor) -> {
              String[] parts = name.split("/", 2);
              prompts.computeIfAbsent(parts[0], p -> new TreeMap<>()).put(parts[1], tensor);
            });
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void everyHookPointEqualsTheRecording() {
    prompts.values().forEach(this::compareHookPoints);
  }

  private void compareHookPoints(Map<String, Tensor> recorded) {
    List<Sequence> sequence = List.of(Sequence.of(ids(tensor(recorded, "tokens"))));
    recorded.forEach(
        (name, tensor) -> {
          if (name.contains("hook_")) {
            Read read = Read.of(HookPoint.parse(name), Selector.all());
            Readings rows = Readings.of(backend, read, sequence);
            for (int token = 0; token < tensor.shape().getFirst(); token++) {
              assertThat(Readings.relativeError(rows.row(0, token), row(tensor, token)))
                  .as("%s at token %d", name, token)
                  .isLessThanOrEqualTo(TOLERANCE);
            }
          }
        });
  }

  @Test
  void logProbabilitiesEqualTheRecording() {
    for (Map<String, Tensor> recorded : prompts.values()) {
      Sequence scored = Sequence.of(ids(tensor(recorded, "tokens"))).scoreFrom(1);
      Readings rows = Readings.of(backend, Read.logProbabilities(), List.of(scored));
      Tensor expected = tensor(recorded, "log_prob");
      for (int target = 0; target < rows.size(); target++) {
        assertThat(rows.row(0, target)[0])
            .as("the log-probability of target %d, beside the recording", target)
            .isCloseTo(expected.floatAt(target), within(1e-3f));
      }
    }
  }

  @Test
  void greedyTokensEqualTheRecording() {
    for (Map<String, Tensor> recorded : prompts.values()) {
      int[] expected = ids(tensor(recorded, "greedy"));
      Sequence prompt = Sequence.of(ids(tensor(recorded, "tokens"))).maxNewTokens(expected.length);
      try (GenerationStream stream =
          backend.generate(
              GenerateRequest.greedy(List.of(prompt), backend.info().endOfSequence()))) {
        assertThat(stream.next()).as("the prompt is continued").isTrue();
        assertThat(stream.generation().tokens())
            .as("greedy tokens, beside the recording")
            .containsExactly(expected);
      }
    }
  }

  private static Tensor tensor(Map<String, Tensor> recorded, String name) {
    return Objects.requireNonNull(recorded.get(name), name + " was not recorded");
  }

  private static int[] ids(Tensor tensor) {
    int[] ids = new int[Math.toIntExact(tensor.count())];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tensor.data().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
    }
    return ids;
  }

  private static float[] row(Tensor tensor, int row) {
    float[] values = new float[Math.toIntExact(tensor.shape().getLast())];
    for (int c = 0; c < values.length; c++) {
      values[c] = tensor.floatAt((long) row * values.length + c);
    }
    return values;
  }
}
