package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.GenerationStream.Generation;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How sequences are continued, for backends that generate, on a small random Llama. */
public abstract class GenerationContract {
  private static final HookPoint LAST_BLOCK = HookPoint.of(TinyModel.LAYERS - 1, "hook_resid_post");

  /** A folder for the test. */
  @TempDir protected Path folder;

  private LanguageModel backend;

  /** For sub-classes. */
  protected GenerationContract() {}

  /** The backend under test. */
  protected abstract ModelBackendFactory factory();

  @BeforeEach
  void open() {
    backend = open(TinyModel.write(folder.resolve("model"), 1));
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private LanguageModel open(Path model) {
    return new AssertingBackend(OpenedModel.of(factory(), model, folder));
  }

  /**
   * What each token of the model adds to a text. To be overridden where the backend announces
   * {@link Capabilities#STOP_STRINGS} and so has texts of its own.
   */
  protected List<String> pieces() {
    return IntStream.range(0, TinyModel.VOCABULARY).mapToObj(id -> "<" + id + ">").toList();
  }

  @Test
  void generationPicksTheMostProbableTokenAndScoresItAsForwardDoes() {
    Sequence prompt = Sequence.of(3, 4, 5, 6).maxNewTokens(5);
    Generation generation = generate(List.of(prompt)).getFirst();
    assertThat(generation.tokens()).as("tokens generated under maxNewTokens(5)").hasSize(5);

    int[] whole =
        IntStream.concat(IntStream.of(prompt.tokens()), IntStream.of(generation.tokens()))
            .toArray();
    Readings scored = read(Read.logProbabilities(), List.of(Sequence.of(whole).scoreFrom(4)));
    for (int i = 0; i < generation.tokens().length; i++) {
      assertThat((double) scored.row(0, i)[0])
          .as("the log-probability of generated token %d in a forward pass, beside generate's", i)
          .isCloseTo(generation.logProbabilities()[i], within(1e-4));
    }
  }

  @Test
  void generationStopsAfterAStopTokenAndAtTheLimit() {
    Sequence prompt = Sequence.of(3, 4, 5, 6).maxNewTokens(8);
    int[] free = generate(List.of(prompt)).getFirst().tokens();
    Generation stopped = generate(List.of(prompt), free[2]).getFirst();
    assertThat(free)
        .as("what is generated without a stop token begins with what is generated with it")
        .startsWith(stopped.tokens());
    assertThat(stopped.tokens())
        .as("tokens up to and with the stop token")
        .endsWith(free[2])
        .hasSizeLessThanOrEqualTo(3);
    Sequence nothing = Sequence.of(3, 4).maxNewTokens(0);
    assertThat(generate(List.of(nothing)).getFirst().tokens())
        .as("tokens generated under maxNewTokens(0)")
        .isEmpty();
  }

  @Test
  void generationStopsWithTheTokenThatCompletesAStopString() {
    Sequence prompt = Sequence.of(3, 4, 5, 6).maxNewTokens(8);
    int[] free = generate(List.of(prompt)).getFirst().tokens();
    String second = pieces().get(free[1]);
    String stop = second.substring(second.length() / 2) + pieces().get(free[2]);
    GenerateRequest request = GenerateRequest.greedy(List.of(prompt)).stoppingAt(List.of(stop));
    if (!backend.capabilities().features().contains(Capabilities.STOP_STRINGS)) {
      request = request.withPieces(pieces());
    }
    try (GenerationStream stream = backend.generate(request)) {
      assertThat(stream.next()).as("the prompt is continued").isTrue();
      assertThat(stream.generation().tokens())
          .as("tokens up to and with the one that completes the stop string")
          .containsExactly(Arrays.copyOf(free, 3));
    }
  }

  @Test
  void everySequenceIsGeneratedOnce() {
    List<Sequence> prompts =
        IntStream.range(0, 5).mapToObj(i -> Sequence.of(i + 3, i + 4).maxNewTokens(i)).toList();
    List<Generation> all = generate(prompts);
    assertThat(all)
        .extracting(Generation::sequence)
        .as("sequences that generations are of")
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    all.forEach(
        g ->
            assertThat(g.tokens())
                .as("tokens of sequence %d, at most maxNewTokens", g.sequence())
                .hasSizeLessThanOrEqualTo(g.sequence()));
  }

  @Test
  void promptsThatShareTheirBeginningAreContinuedAsEachAlone() {
    int[] shared = IntStream.range(0, 20).map(i -> 3 + i * 7 % 30).toArray();
    List<Sequence> prompts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int[] tokens = Arrays.copyOf(shared, 21);
      tokens[20] = 5 + i;
      prompts.add(Sequence.of(tokens).maxNewTokens(4).samples(2, i));
    }
    List<Generation> together = new ArrayList<>(generate(prompts));
    together.sort(
        Comparator.comparingInt(Generation::sequence).thenComparingInt(Generation::sample));
    for (int i = 0; i < prompts.size(); i++) {
      Generation alone = generate(List.of(prompts.get(i))).getFirst();
      for (Generation each : together.subList(2 * i, 2 * i + 2)) {
        assertThat(each.sequence()).as("generations by sequence, two samples each").isEqualTo(i);
        assertThat(each.tokens())
            .as("tokens of prompt %d among others that begin alike, beside those alone", i)
            .containsExactly(alone.tokens());
        assertThat(each.logProbabilities())
            .as("log-probabilities of prompt %d among others, beside those alone", i)
            .containsExactly(alone.logProbabilities(), within(1e-4));
      }
    }
  }

  @Test
  void activationsOfGeneratedTokensAreThoseOfAForwardPassOverThem() {
    Assumptions.assumeTrue(
        backend.capabilities().features().contains(Capabilities.STEPS), "reads no steps");
    HookPoint linear = HookPoint.linearIn("model.layers.1.mlp.down_proj");
    Sequence prompt = Sequence.of(3, 4, 5, 6).maxNewTokens(5);
    Generation generation;
    GenerateRequest request =
        GenerateRequest.greedy(List.of(prompt, Sequence.of(9).maxNewTokens(7)));
    try (GenerationStream stream = backend.generate(request.reading(List.of(LAST_BLOCK, linear)))) {
      assertThat(stream.next()).as("the prompt is continued").isTrue();
      generation = stream.generation();
    }
    int[] whole =
        IntStream.concat(IntStream.of(prompt.tokens()), IntStream.of(generation.tokens()))
            .toArray();
    for (HookPoint point : List.of(LAST_BLOCK, linear)) {
      Readings rows = read(Read.of(point, Selector.all()), List.of(Sequence.of(whole)));
      List<float[]> steps = generation.activations().getOrDefault(point, List.of());
      assertThat(steps).as("activations at %s: one a generated token", point).hasSize(5);
      for (int step = 0; step < steps.size(); step++) {
        Readings.assertClose(steps.get(step), rows.row(0, 3 + step), 1e-5);
      }
    }
  }

  @Test
  void drawnTokensDependOnSeedAndSampleAlone() {
    Sequence drawn = Sequence.of(3, 4, 5).maxNewTokens(6).samples(3, 7);
    Sequence other = Sequence.of(8, 9).maxNewTokens(4).samples(2, 1);
    Map<Integer, List<Integer>> alone = samples(List.of(drawn), 0);
    assertThat(alone).as("samples of a sequence").containsOnlyKeys(0, 1, 2);
    assertThat(Set.copyOf(alone.values()))
        .as("different continuations of three samples at temperature 1")
        .hasSize(3);
    assertThat(samples(List.of(other, drawn), 1))
        .as("samples of a sequence beside another one, which are those of the sequence alone")
        .isEqualTo(alone);
    Sequence reseeded = Sequence.of(3, 4, 5).maxNewTokens(6).samples(3, 8);
    assertThat(samples(List.of(reseeded), 0)).as("samples of another seed").isNotEqualTo(alone);
  }

  private List<Generation> generate(List<Sequence> prompts, int... stopTokens) {
    List<Generation> all = new ArrayList<>();
    backend.generate(GenerateRequest.greedy(prompts, stopTokens)).forEach(all::add);
    return all;
  }

  /** Tokens of the samples of one of some sequences, drawn at a temperature of 1. */
  private Map<Integer, List<Integer>> samples(List<Sequence> prompts, int sequence) {
    Map<Integer, List<Integer>> samples = new TreeMap<>();
    GenerateRequest request = GenerateRequest.sampled(prompts, Sampling.temperature(1));
    backend
        .generate(request)
        .forEach(
            generation -> {
              if (generation.sequence() == sequence) {
                samples.put(
                    generation.sample(), IntStream.of(generation.tokens()).boxed().toList());
              }
            });
    return samples;
  }

  private Readings read(Read read, List<Sequence> sequences) {
    return Readings.of(backend, read, sequences);
  }
}
