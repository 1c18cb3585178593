package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /** Every prompt is a batch of its own. */
  private static final int APART = 1;

  /** All prompts are one batch. */
  private static final int TOGETHER = 1_000;

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

  /** Where the worst errors of each family are written down; nowhere unless a sub-class says so. */
  protected Optional<DocumentedErrors> documented() {
    return Optional.empty();
  }

  @TestFactory
  Stream<DynamicTest> everyHookPointOfEveryFamilyEqualsItsRecording() throws IOException {
    FamilyErrors errors = new FamilyErrors();
    Stream<DynamicTest> cases =
        forEachCase(
            (backend, recordings) ->
                errors.add(backend.info().architecture(), compare(backend, recordings, APART)));
    return Stream.concat(
        cases,
        documented().stream()
            .map(page -> DynamicTest.dynamicTest("the documentation", () -> page.compare(errors))));
  }

  @TestFactory
  Stream<DynamicTest> promptsThatArePackedTogetherEqualTheirRecordings() throws IOException {
    return forEachCase((backend, recordings) -> compare(backend, recordings, TOGETHER));
  }

  @TestFactory
  Stream<DynamicTest> aPromptThatIsCutHasTheRowsOfTheWholeUpToThere() throws IOException {
    return forEachCase(
        (backend, recordings) -> {
          Assumptions.assumeTrue(backend.capabilities().generates(), "tokens see later ones");
          Stream<RecordedPrompt> halves = recordings.stream().map(RecordedPrompt::halved);
          compare(backend, Stream.concat(recordings.stream(), halves).toList(), TOGETHER);
        });
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

  private Stream<DynamicTest> forEachCase(BiConsumer<LanguageModel, List<RecordedPrompt>> test)
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

  private void run(Path model, BiConsumer<LanguageModel, List<RecordedPrompt>> test) {
    try (LanguageModel backend = OpenedModel.of(factory(), model, folder)) {
      test.accept(backend, RecordedPrompt.of(model));
    }
  }

  /** Reads all points of all prompts in one request; gives the errors by point. */
  private static Map<HookPoint, RowErrors> compare(
      LanguageModel backend, List<RecordedPrompt> recordings, int tokenBudget) {
    List<HookPoint> points =
        recordings.stream().flatMap(r -> r.points().keySet().stream()).distinct().toList();
    assertThat(points)
        .as("hook points that are offered")
        .allMatch(backend.capabilities()::supports);
    List<Sequence> prompts =
        recordings.stream().map(r -> Sequence.of(r.tokens()).scoreFrom(1)).toList();
    List<Read> reads = points.stream().map(RowErrors::read).toList();
    Map<Read, Readings> readings = Readings.each(backend, reads, prompts, tokenBudget);
    Map<HookPoint, RowErrors> all = new TreeMap<>(Comparator.comparing(HookPoint::name));
    List<String> wrong = new ArrayList<>();
    for (int prompt = 0; prompt < recordings.size(); prompt++) {
      int sequence = prompt;
      RecordedPrompt recording = recordings.get(prompt);
      recording
          .points()
          .forEach(
              (point, expected) -> {
                Readings actual = readings.get(RowErrors.read(point));
                RowErrors errors =
                    actual == null
                        ? RowErrors.fault("no rows")
                        : RowErrors.of(
                            actual, sequence, recording.tokens().length, point, expected);
                all.merge(point, errors, RowErrors::worse);
                errors
                    .fault()
                    .ifPresent(fault -> wrong.add(recording.prompt() + " " + point + ": " + fault));
              });
    }
    assertThat(wrong).as("hook points that differ from the recording").isEmpty();
    return all;
  }

  /** Continues all prompts in one request. */
  private static void compareGreedy(LanguageModel backend, List<RecordedPrompt> recordings) {
    Assumptions.assumeTrue(backend.capabilities().generates(), "tokens see later ones");
    List<Sequence> prompts =
        recordings.stream()
            .map(r -> Sequence.of(r.tokens()).maxNewTokens(r.greedy().length))
            .toList();
    int[][] continuations = new int[prompts.size()][0];
    backend
        .generate(GenerateRequest.greedy(prompts))
        .forEach(each -> continuations[each.sequence()] = each.tokens());
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      assertThat(continuations[prompt])
          .as("greedy tokens after %s", recordings.get(prompt).prompt())
          .containsExactly(recordings.get(prompt).greedy());
    }
  }

  /** The gradient of a prompt's loss with respect to its first rows after the first block. */
  private static void compareGradient(LanguageModel backend, List<RecordedPrompt> recordings) {
    Assumptions.assumeTrue(
        backend.capabilities().features().contains(Capabilities.GRADIENTS), "takes no gradients");
    HookPoint point = HookPoint.of(0, HookPoint.RESID_POST);
    int[] tokens = recordings.getFirst().tokens();
    Sequence sequence = Sequence.of(tokens).objective(Objective.loss(tokens));
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

  private static float[] activation(LanguageModel backend, HookPoint point, int[] tokens) {
    Read read = Read.of(point, Selector.first());
    return Readings.of(backend, read, List.of(Sequence.of(tokens))).row(0, 0);
  }

  /** The loss after a step of the first token's row. */
  private static double loss(
      LanguageModel backend, HookPoint point, int[] tokens, float[] direction, double step) {
    Sequence sequence =
        Sequence.of(tokens)
            .intervene(List.of(Intervention.add(point, Selector.first(), direction, step)))
            .scoreFrom(1);
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
}
