package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.GenerationStream.Generation;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import dev.sonde.api.model.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every model backend keeps to, on a small random model of the Llama family. */
public abstract class ModelBackendContract extends BackendContract {
  private static final Set<String> OUTSIDE_BLOCKS =
      Set.of("hook_embed", "hook_pos_embed", "logits", "log_prob");

  private static final HookPoint LAST_BLOCK = HookPoint.of(TinyModel.LAYERS - 1, "hook_resid_post");

  private ModelBackend backend;

  /** For sub-classes. */
  protected ModelBackendContract() {}

  @Override
  protected final Path model(Path place) {
    return TinyModel.write(place, 1);
  }

  /**
   * What each token of the model adds to a text. To be overridden where the backend announces
   * {@link Capabilities#STOP_STRINGS} and so has texts of its own.
   */
  protected List<String> pieces() {
    return IntStream.range(0, TinyModel.VOCABULARY).mapToObj(id -> "<" + id + ">").toList();
  }

  @BeforeEach
  void nameModel() {
    backend = backend();
  }

  @Test
  void infoDescribesTheModel() {
    assertThat(backend.info().architecture()).as("info().architecture()").isEqualTo("llama");
    assertThat(backend.info().layers()).as("info().layers()").isEqualTo(TinyModel.LAYERS);
    assertThat(backend.info().width()).as("info().width()").isEqualTo(TinyModel.WIDTH);
    assertThat(backend.info().vocabularySize())
        .as("info().vocabularySize()")
        .isEqualTo(TinyModel.VOCABULARY);
    assertThat(backend.info().endOfSequence()).as("info().endOfSequence()").containsExactly(2);
    assertThat(backend.info().contentHash())
        .as("info().contentHash(): a SHA-256")
        .matches("[0-9a-f]{64}");
    assertThat(backend.info().tokenizer())
        .as("info().tokenizer() of a folder that has none")
        .isEmpty();
  }

  @Test
  void everyRowHasTheWidthThatInfoAnnounces() {
    assertThat(backend.info().widths())
        .as("sites with a width in info(), which are those that capabilities() announce")
        .containsKeys(backend.capabilities().sites().toArray(String[]::new));
    List<Sequence> sequence = List.of(Sequence.builder(3, 4, 5).scoreFrom(1).build());
    for (String site : backend.capabilities().sites()) {
      HookPoint point = firstOf(site);
      Readings rows = read(Read.of(point, Selector.all()), sequence);
      int width = backend.info().width(point);
      if (width == 0) {
        assertThat(point.isEdge())
            .as("only rows of edges may differ, not those of %s", site)
            .isTrue();
      } else {
        assertThat(rows.row(0, 0)).as(site).hasSize(width);
      }
    }
  }

  /** The first point of the model that has a site. */
  private static HookPoint firstOf(String site) {
    String linear = "linear:";
    if (site.startsWith(linear)) {
      return HookPoint.parse(linear + "model.layers.0." + site.substring(linear.length()));
    }
    return site.startsWith("ln_final.") || OUTSIDE_BLOCKS.contains(site)
        ? HookPoint.parse(site)
        : HookPoint.of(0, site);
  }

  @Test
  void theContentHashFollowsTheWeights() {
    try (ModelBackend other = open(TinyModel.write(folder.resolve("other"), 2))) {
      assertThat(other.info().contentHash())
          .as("info().contentHash() of other weights")
          .isNotEqualTo(backend.info().contentHash());
    }
  }

  @Test
  void theResidualStreamIsTheSumOfItsParts() {
    List<Sequence> sequences = sequences();
    Readings embed = read(Read.of(HookPoint.EMBED, Selector.all()), sequences);
    Readings sum = embed;
    for (int layer = 0; layer < TinyModel.LAYERS; layer++) {
      for (String part : List.of("hook_attn_out", "hook_mlp_out")) {
        Readings added = read(Read.of(HookPoint.of(layer, part), Selector.all()), sequences);
        sum = sum.plus(added);
        String site = part.equals("hook_attn_out") ? "hook_resid_mid" : "hook_resid_post";
        Readings stream = read(Read.of(HookPoint.of(layer, site), Selector.all()), sequences);
        stream.assertClose(sum, TOLERANCE);
      }
    }
  }

  @Test
  void reductionsRunWithinEachSpan() {
    Sequence sequence =
        Sequence.builder(5, 6, 7, 8, 9)
            .span(new Span("first step", 1, 3))
            .span(new Span("second step", 3, 5))
            .build();
    List<Sequence> one = List.of(sequence);
    Readings all = read(Read.of(LAST_BLOCK, Selector.all()), one);
    for (String reduction : List.of(Read.MEAN, Read.MAX, Read.NORM)) {
      Readings steps = read(Read.of(LAST_BLOCK, Selector.eachSpan()).reduce(reduction), one);
      Readings.assertClose(steps.row(0, 0), all.reduced(0, 1, 3, reduction), TOLERANCE);
      Readings.assertClose(steps.row(0, 1), all.reduced(0, 3, 5, reduction), TOLERANCE);
    }
  }

  @Test
  void logProbabilitiesOfAllContinuationsSumToOne() {
    Sequence.Builder builder = Sequence.builder(3, 4, 5);
    IntStream.range(0, TinyModel.VOCABULARY).forEach(token -> builder.target(3, token));
    Readings rows = read(Read.logProbabilities(), List.of(builder.build()));
    double total =
        IntStream.range(0, rows.size()).mapToDouble(t -> Math.exp(rows.row(0, t)[0])).sum();
    assertThat(rows.size())
        .as("number of log-probabilities: one a target")
        .isEqualTo(TinyModel.VOCABULARY);
    assertThat(total)
        .as("sum of the probabilities of all continuations")
        .isCloseTo(1, within(1e-5));
  }

  @Test
  void generationPicksTheMostProbableTokenAndScoresItAsForwardDoes() {
    Sequence prompt = Sequence.builder(3, 4, 5, 6).maxNewTokens(5).build();
    Generation generation = generate(List.of(prompt)).getFirst();
    assertThat(generation.tokens()).as("tokens generated under maxNewTokens(5)").hasSize(5);

    int[] whole =
        IntStream.concat(IntStream.of(prompt.tokens()), IntStream.of(generation.tokens()))
            .toArray();
    Readings scored =
        read(Read.logProbabilities(), List.of(Sequence.builder(whole).scoreFrom(4).build()));
    for (int i = 0; i < generation.tokens().length; i++) {
      assertThat((double) scored.row(0, i)[0])
          .as("the log-probability of generated token %d in a forward pass, beside generate's", i)
          .isCloseTo(generation.logProbabilities()[i], within(1e-4));
    }
  }

  @Test
  void generationStopsAfterAStopTokenAndAtTheLimit() {
    Sequence prompt = Sequence.builder(3, 4, 5, 6).maxNewTokens(8).build();
    int[] free = generate(List.of(prompt)).getFirst().tokens();
    Generation stopped = generate(List.of(prompt), free[2]).getFirst();
    assertThat(free)
        .as("what is generated without a stop token begins with what is generated with it")
        .startsWith(stopped.tokens());
    assertThat(stopped.tokens())
        .as("tokens up to and with the stop token")
        .endsWith(free[2])
        .hasSizeLessThanOrEqualTo(3);
    Sequence nothing = Sequence.builder(3, 4).maxNewTokens(0).build();
    assertThat(generate(List.of(nothing)).getFirst().tokens())
        .as("tokens generated under maxNewTokens(0)")
        .isEmpty();
  }

  @Test
  void generationStopsWithTheTokenThatCompletesAStopString() {
    Sequence prompt = Sequence.builder(3, 4, 5, 6).maxNewTokens(8).build();
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
        IntStream.range(0, 5)
            .mapToObj(i -> Sequence.builder(i + 3, i + 4).maxNewTokens(i).build())
            .toList();
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
      prompts.add(Sequence.builder(tokens).maxNewTokens(4).samples(2, i).build());
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
    Sequence prompt = Sequence.builder(3, 4, 5, 6).maxNewTokens(5).build();
    Generation generation;
    GenerateRequest request =
        GenerateRequest.greedy(List.of(prompt, Sequence.builder(9).maxNewTokens(7).build()));
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
  void tokensThatWereScoredBeforeHaveTheSameLogProbabilities() {
    int[] tokens = IntStream.range(0, 24).map(i -> 3 + i * 7 % 30).toArray();
    int[] longer = Arrays.copyOf(tokens, 30);
    Arrays.fill(longer, 24, 30, 11);
    Sequence first = Sequence.builder(tokens).scoreFrom(1).build();
    Sequence second = Sequence.builder(longer).scoreFrom(1).target(20, 5).build();
    Sequence steered =
        Sequence.builder(longer)
            .scoreFrom(1)
            .positions(IntStream.range(0, 30).map(i -> 2 * i).toArray())
            .build();
    backend.forget();
    Readings plain = read(Read.logProbabilities(), List.of(second));
    backend.forget();
    Readings before = read(Read.logProbabilities(), List.of(first, first));
    Readings after = read(Read.logProbabilities(), List.of(second));
    Readings again = read(Read.logProbabilities(), List.of(second, first));
    for (int target = 0; target < 29; target++) {
      assertThat(after.row(0, target)[0])
          .as(
              "target %d of a longer sequence after its beginning was scored, beside a fresh start",
              target)
          .isCloseTo(plain.row(0, target)[0], within(1e-4f));
      assertThat(again.row(0, target)[0])
          .as("target %d of the longer sequence scored a second time, beside a fresh start", target)
          .isCloseTo(plain.row(0, target)[0], within(1e-4f));
    }
    assertThat(again.row(1, 20)[0])
        .as("a target of the shorter sequence after the longer one, beside the first time")
        .isCloseTo(before.row(0, 20)[0], within(1e-4f));
    assertThat(after.row(0, 29)[0])
        .as("the last target of the longer sequence, beside a fresh start")
        .isCloseTo(plain.row(0, 29)[0], within(1e-4f));
    if (backend.capabilities().features().contains(Capabilities.POSITIONS)) {
      Readings moved = read(Read.logProbabilities(), List.of(steered));
      backend.forget();
      moved.assertClose(read(Read.logProbabilities(), List.of(steered)), 1e-4);
    }
  }

  @Test
  void drawnTokensDependOnSeedAndSampleAlone() {
    Sequence drawn = Sequence.builder(3, 4, 5).maxNewTokens(6).samples(3, 7).build();
    Sequence other = Sequence.builder(8, 9).maxNewTokens(4).samples(2, 1).build();
    Map<Integer, List<Integer>> alone = samples(List.of(drawn), 0);
    assertThat(alone).as("samples of a sequence").containsOnlyKeys(0, 1, 2);
    assertThat(Set.copyOf(alone.values()))
        .as("different continuations of three samples at temperature 1")
        .hasSize(3);
    assertThat(samples(List.of(other, drawn), 1))
        .as("samples of a sequence beside another one, which are those of the sequence alone")
        .isEqualTo(alone);
    Sequence reseeded = Sequence.builder(3, 4, 5).maxNewTokens(6).samples(3, 8).build();
    assertThat(samples(List.of(reseeded), 0)).as("samples of another seed").isNotEqualTo(alone);
  }

  @Test
  void sequencesThatBeginAlikeReadAsIfAlone() {
    List<Sequence> alike = new ArrayList<>();
    for (int variant = 0; variant < 6; variant++) {
      int[] tokens = IntStream.range(0, 40).map(i -> 3 + i % 17).toArray();
      tokens[14 + 4 * variant] = 30;
      alike.add(Sequence.builder(Arrays.copyOf(tokens, 40 - variant % 3)).scoreFrom(37).build());
    }
    for (Read read : List.of(Read.of(LAST_BLOCK, Selector.last()), Read.logProbabilities())) {
      List<Readings> alone = alike.stream().map(s -> readAlone(read, s)).toList();
      read(read, alike).assertClose(Readings.join(alone), 1e-5);
      read(read, alike).assertClose(Readings.join(alone), 1e-5);
      read(read, alike.reversed().subList(1, 4))
          .assertClose(Readings.join(alone.reversed().subList(1, 4)), 1e-5);
    }
  }

  private Readings readAlone(Read read, Sequence sequence) {
    try (ModelBackend fresh = open(folder.resolve("model"))) {
      return Readings.of(fresh, read, List.of(sequence));
    }
  }

  @Test
  void trainingRaisesTheLikelihoodOfItsTokensAndLeavesTheModelAsItIs() throws Exception {
    if (!trains()) {
      return;
    }
    List<Sequence> batch = trainedOn();
    double before = logProbability(backend, batch);
    try (ModelBackend trained = backend.train(plan(batch))) {
      double after = logProbability(trained, batch);
      assertThat(after)
          .as("the documents' log-probability in nats after some steps of training on them")
          .isGreaterThan(before + 0.1);
      assertThat(logProbability(backend, batch))
          .as("the documents' log-probability by the model itself: a copy is trained")
          .isEqualTo(before);
      Path saved = folder.resolve("trained");
      trained.save(saved);
      try (ModelBackend again = open(saved)) {
        assertThat(logProbability(again, batch))
            .as("the documents' log-probability by the saved folder, opened")
            .isCloseTo(after, within(1e-4));
      }
    }
  }

  @Test
  void theSamePlanGivesTheSameWeights() {
    if (!trains()) {
      return;
    }
    try (ModelBackend one = backend.train(plan(trainedOn()));
        ModelBackend other = backend.train(plan(trainedOn()))) {
      assertThat(one.info().contentHash())
          .as("the content hash, which follows the trained weights; the same plan gives the same")
          .isEqualTo(other.info().contentHash())
          .isNotEqualTo(backend.info().contentHash());
    }
  }

  private boolean trains() {
    return backend.capabilities().features().contains(Capabilities.TRAINING);
  }

  private List<Sequence> trainedOn() {
    return sequences().stream()
        .map(each -> Sequence.builder(each.tokens()).scoreFrom(1).build())
        .toList();
  }

  private static TrainingPlan plan(List<Sequence> batch) {
    List<TrainingPlan.Step> steps = Collections.nCopies(5, TrainingPlan.Step.of(batch, 0.01));
    return TrainingPlan.of(steps, TrainingPlan.Adam.usual());
  }

  /** The mean over all targets, in nats. */
  private static double logProbability(ModelBackend model, List<Sequence> sequences) {
    Readings read = Readings.of(model, Read.logProbabilities(), sequences);
    double sum = 0;
    int count = 0;
    for (int i = 0; i < sequences.size(); i++) {
      for (int target = 0; target < sequences.get(i).targets().size(); target++) {
        sum += read.row(i, target)[0];
        count++;
      }
    }
    return sum / count;
  }

  @Test
  void aSequenceLongerThanTheContextIsRefused() {
    assertThat(backend.capabilities().longestContext())
        .as("capabilities().longestContext()")
        .isEqualTo(TinyModel.CONTEXT);
    Sequence tooLong = Sequence.of(new int[TinyModel.CONTEXT + 1]);
    assertThatThrownBy(() -> read(Read.of(LAST_BLOCK, Selector.last()), List.of(tooLong)))
        .as("65 tokens for a context of 64 are refused with an UnsupportedCapabilityException")
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("65 tokens");
  }

  @Test
  void aFolderWithoutWeightsIsRefusedByName() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("no-weights"));
    Files.copy(folder.resolve("model/config.json"), empty.resolve("config.json"));
    assertThatThrownBy(() -> open(empty))
        .as("a folder without weights is refused with a ModelUnavailableException that says so")
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("has no weights");
  }

  @Test
  void anUnsupportedArchitectureIsRefusedByItsField() throws Exception {
    Path other = TinyModel.write(folder.resolve("mamba"), 3);
    String config = Files.readString(other.resolve("config.json"));
    Files.writeString(other.resolve("config.json"), config.replace("\"llama\"", "\"mamba\""));
    assertThatThrownBy(() -> open(other))
        .as(
            "an architecture that the backend has not is refused with a ModelUnavailableException that"
                + " names field and value")
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("model_type")
        .hasMessageContaining("mamba");
  }

  private Readings read(Read read, List<Sequence> sequences) {
    return Readings.of(backend, read, sequences);
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
}
