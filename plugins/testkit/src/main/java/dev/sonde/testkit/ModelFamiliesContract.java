package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backend computes what Hugging Face transformers computes, for a tiny random model of every
 * family, at every hook point. See {@code plugins/testkit/families/README.md} for the recordings.
 */
public abstract class ModelFamiliesContract {
  /** Float32 against float32: the middle row, and the worst, as ‖a − b‖ / ‖b‖. */
  private static final double TYPICAL = 1e-5;

  private static final double WORST = 5e-5;

  /** Log-probabilities are near 4 nats in these models: float32 and what lies before it. */
  private static final double NATS = 1e-4;

  /** Every prompt is a batch of its own. */
  private static final int APART = 1;

  /** All prompts are one batch. */
  private static final int TOGETHER = 1_000;

  private static final String TOKENS = "tokens";
  private static final String GREEDY = "greedy";

  /** A folder for the test. */
  @TempDir protected Path folder;

  /** A step as a share of the row it moves: coarser bends, finer is lost in rounding. */
  private static final double STEP = 2e-3;

  /** How far a difference quotient may be off. */
  private static final double GRADIENT = 2e-2;

  /** For sub-classes. */
  protected ModelFamiliesContract() {}

  /** The backend under test. */
  protected abstract ModelBackendFactory factory();

  /** The folder of the recordings. */
  protected abstract Path families();

  /** What was recorded of one prompt. */
  private record Recording(
      String prompt, int[] tokens, int[] greedy, Map<HookPoint, Tensor> points) {

    static Recording of(String prompt, Map<String, Tensor> tensors) {
      Map<HookPoint, Tensor> points = new HashMap<>();
      tensors.forEach((name, tensor) -> points.put(HookPoint.parse(name), tensor));
      points.remove(HookPoint.parse(TOKENS));
      points.remove(HookPoint.parse(GREEDY));
      return new Recording(prompt, ids(tensors, TOKENS), tensors.containsKey(GREEDY) ? ids(tensors, GREEDY) : new int[0], points);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyHookPointOfEveryFamilyEqualsItsRecording() throws IOException {
    return forEachCase((backend, recordings) -> compare(backend, recordings, APART));
  }

  @TestFactory
  Stream<DynamicTest> promptsThatArePackedTogetherEqualTheirRecordings() throws IOException {
    return forEachCase((backend, recordings) -> compare(backend, recordings, TOGETHER));
  }

  @TestFactory
  Stream<DynamicTest> greedyTokensOfEveryFamilyEqualTheirRecording() throws IOException {
    return forEachCase(ModelFamiliesContract::compareGreedy);
  }

  @TestFactory
  Stream<DynamicTest> gradientsOfEveryFamilyAreWhatASmallStepChanges() throws IOException {
    return forEachCase(ModelFamiliesContract::compareGradient);
  }

  @TestFactory
  Stream<DynamicTest> scoresOfEveryFamilyAreMadeAsItsInfoAnnounces() throws IOException {
    return forEachCase(
        (backend, recordings) -> {
          Assumptions.assumeFalse(
              backend.info().attention().isEmpty(), "the api has no words for its scores");
          recordings.forEach(r -> AnnouncedScores.compare(backend, r.tokens()));
        });
  }

  private Stream<DynamicTest> forEachCase(BiConsumer<ModelBackend, List<Recording>> test)
      throws IOException {
    List<Path> cases;
    try (Stream<Path> files = Files.list(families())) {
      cases =
          files
              .filter(path -> Files.exists(path.resolve("expected.safetensors")))
              .sorted()
              .toList();
    }
    assertThat(cases).as("recordings in %s", families()).isNotEmpty();
    return cases.stream()
        .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> run(path, test)));
  }

  private void run(Path model, BiConsumer<ModelBackend, List<Recording>> test) {
    try (ModelBackend backend = OpenedModel.of(factory(), model, folder)) {
      test.accept(backend, recordings(model));
    }
  }

  private static List<Recording> recordings(Path model) {
    Map<String, Map<String, Tensor>> prompts = new TreeMap<>();
    SafetensorsFile.open(model.resolve("expected.safetensors"), Arena.ofAuto())
        .tensors()
        .forEach(
            (name, tensor) -> {
              String[] parts = name.split("/", 2);
              prompts.computeIfAbsent(parts[0], p -> new TreeMap<>()).put(parts[1], tensor);
            });
    return prompts.entrySet().stream().map(e -> Recording.of(e.getKey(), e.getValue())).toList();
  }

  /** Reads all points of all prompts in one request. */
  private static void compare(ModelBackend backend, List<Recording> recordings, int tokenBudget) {
    List<HookPoint> points =
        recordings.stream().flatMap(r -> r.points().keySet().stream()).distinct().toList();
    assertThat(points)
        .as("hook points that are offered")
        .allMatch(backend.capabilities()::supports);
    List<Sequence> prompts =
        recordings.stream().map(r -> Sequence.builder(r.tokens()).scoreFrom(1).build()).toList();
    List<Read> reads = points.stream().map(ModelFamiliesContract::read).toList();
    Map<Read, Readings> readings = Readings.each(backend, reads, prompts, tokenBudget);
    List<String> wrong = new ArrayList<>();
    for (int prompt = 0; prompt < recordings.size(); prompt++) {
      int sequence = prompt;
      Recording recording = recordings.get(prompt);
      recording
          .points()
          .forEach(
              (point, expected) -> {
                Readings actual = readings.get(read(point));
                String difference =
                    actual == null ? "no rows" : difference(actual, sequence, point, expected);
                if (!difference.isEmpty()) {
                  wrong.add(recording.prompt() + " " + point + ": " + difference);
                }
              });
    }
    assertThat(wrong).as("hook points that differ from the recording").isEmpty();
  }

  /** Logits were recorded of the last token, everything else of all. */
  private static Read read(HookPoint point) {
    return Read.of(point, point.equals(HookPoint.LOGITS) ? Selector.last() : Selector.all());
  }

  /** How a prompt's rows differ from its recording; empty if they do not. */
  private static String difference(
      Readings actual, int sequence, HookPoint point, Tensor expected) {
    if (point.equals(HookPoint.LOG_PROB)) {
      return logProbabilities(actual, sequence, expected);
    }
    if (point.isEdge()) {
      return edges(actual, sequence, expected);
    }
    boolean oneRow = point.equals(HookPoint.LOGITS);
    return rows(
        actual, sequence, oneRow ? 1 : Math.toIntExact(expected.shape().getFirst()), expected);
  }

  private static String rows(Readings readings, int sequence, int count, Tensor expected) {
    double[] errors = new double[count];
    for (int row = 0; row < count; row++) {
      float[] actual = readings.row(sequence, row);
      if (expected.count() != (long) count * actual.length) {
        return "rows of %d, recorded %s".formatted(actual.length, expected.shape());
      }
      float[] wanted = new float[actual.length];
      for (int c = 0; c < wanted.length; c++) {
        wanted[c] = expected.floatAt((long) row * wanted.length + c);
      }
      errors[row] = Readings.relativeError(actual, wanted);
    }
    return verdict(errors);
  }

  private static String verdict(double[] errors) {
    Arrays.sort(errors);
    double middle = errors[errors.length / 2];
    double worst = errors[errors.length - 1];
    return middle <= TYPICAL && worst <= WORST
        ? ""
        : "middle %.1e, worst %.1e".formatted(middle, worst);
  }

  /** Masks exactly, finite cells by their distance. */
  private static String edges(Readings readings, int sequence, Tensor expected) {
    int heads = Math.toIntExact(expected.shape().getFirst());
    int tokens = Math.toIntExact(expected.shape().getLast());
    double[] errors = new double[tokens];
    for (int query = 0; query < tokens; query++) {
      float[] actual = readings.row(sequence, query).clone();
      float[] wanted = new float[heads * (query + 1)];
      if (actual.length != wanted.length) {
        return "query %d has %d cells, not %d".formatted(query, actual.length, wanted.length);
      }
      for (int i = 0; i < wanted.length; i++) {
        int head = i / (query + 1);
        int key = i % (query + 1);
        wanted[i] = expected.floatAt(((long) head * tokens + query) * tokens + key);
        if (Float.isInfinite(wanted[i]) != Float.isInfinite(actual[i])) {
          return "mask of query %d, head %d, key %d".formatted(query, head, key);
        }
        if (Float.isInfinite(wanted[i])) {
          wanted[i] = 0;
          actual[i] = 0;
        }
      }
      errors[query] = Readings.relativeError(actual, wanted);
    }
    return verdict(errors);
  }

  private static String logProbabilities(Readings readings, int sequence, Tensor expected) {
    double worst = 0;
    for (int target = 0; target < expected.count(); target++) {
      float actual = readings.row(sequence, target)[0];
      worst = Math.max(worst, Math.abs(actual - expected.floatAt(target)));
    }
    return worst <= NATS ? "" : "off by %.1e nats".formatted(worst);
  }

  /** Continues all prompts in one request. */
  private static void compareGreedy(ModelBackend backend, List<Recording> recordings) {
    Assumptions.assumeTrue(backend.capabilities().generates(), "tokens see later ones");
    List<Sequence> prompts =
        recordings.stream()
            .map(r -> Sequence.builder(r.tokens()).maxNewTokens(r.greedy().length).build())
            .toList();
    int[][] continuations = new int[prompts.size()][0];
    try (GenerationStream stream = backend.generate(GenerateRequest.greedy(prompts))) {
      while (stream.next()) {
        continuations[stream.generation().sequence()] = stream.generation().tokens();
      }
    }
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      assertThat(continuations[prompt])
          .as("greedy tokens after %s", recordings.get(prompt).prompt())
          .containsExactly(recordings.get(prompt).greedy());
    }
  }

  /** The gradient of a prompt's loss with respect to its first rows after the first block. */
  private static void compareGradient(ModelBackend backend, List<Recording> recordings) {
    Assumptions.assumeTrue(
        backend.capabilities().features().contains(Capabilities.GRADIENTS), "takes no gradients");
    HookPoint point = HookPoint.of(0, HookPoint.RESID_POST);
    int[] tokens = recordings.getFirst().tokens();
    Sequence sequence = Sequence.builder(tokens).objective(Objective.loss(tokens)).build();
    Read read = Read.of(point, Selector.first()).gradient();
    float[] gradient = Readings.of(backend, read, List.of(sequence)).row(0, 0);
    double size = Math.sqrt(squares(gradient));
    double step = STEP * Math.sqrt(squares(activation(backend, point, tokens))) / size;
    double change = loss(backend, point, tokens, gradient, step);
    change -= loss(backend, point, tokens, gradient, -step);
    assertThat(change / (2 * step * size))
        .as(
            "the change of the loss along its gradient by a difference quotient, beside the gradient's"
                + " length")
        .isCloseTo(size, within(GRADIENT * size));
  }

  private static float[] activation(ModelBackend backend, HookPoint point, int[] tokens) {
    Read read = Read.of(point, Selector.first());
    return Readings.of(backend, read, List.of(Sequence.of(tokens))).row(0, 0);
  }

  /** The loss after a step of the first token's row. */
  private static double loss(
      ModelBackend backend, HookPoint point, int[] tokens, float[] direction, double step) {
    Sequence sequence =
        Sequence.builder(tokens)
            .intervene(List.of(Intervention.add(point, Selector.first(), direction, step)))
            .scoreFrom(1)
            .build();
    Readings scores = Readings.of(backend, Read.logProbabilities(), List.of(sequence));
    double loss = 0;
    for (int target = 0; target < tokens.length - 1; target++) {
      loss -= scores.row(0, target)[0];
    }
    return loss;
  }

  private static double squares(float[] row) {
    double sum = 0;
    for (float value : row) {
      sum += (double) value * value;
    }
    return sum;
  }

  private static int[] ids(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AssertionError(name + " was not recorded");
    }
    int[] ids = new int[Math.toIntExact(tensor.count())];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tensor.data().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
    }
    return ids;
  }
}
