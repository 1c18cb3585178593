package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Sequence.Distances;
import dev.sonde.api.model.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every model backend keeps to, whatever it opens. What it announces is tested to work; what
 * it does not announce, to be refused.
 */
public abstract class BackendContract extends ExtensionContract {
  /** Packed and single runs agree to this share of a row's norm. */
  static final double TOLERANCE = 5e-5;

  private static final String LINEAR = "linear:";
  private static final Set<String> OUTSIDE_BLOCKS =
      Set.of(
          HookPoint.EMBED.name(),
          HookPoint.POSITION_EMBED.name(),
          HookPoint.LOGITS.name(),
          HookPoint.LOG_PROB.name());
  private static final int BLOCKS_THAT_NONE_HAS = 1_000_000;
  private static final int MOST_TOKENS_TO_TRY = 1 << 16;

  /** A folder for the test. */
  @TempDir protected Path folder;

  private ModelBackend backend;

  /** For sub-classes. */
  protected BackendContract() {}

  @Override
  protected abstract ModelBackendFactory factory();

  /**
   * A small model that the backend opens.
   *
   * @param place an empty folder, where it may be written
   */
  protected abstract Path model(Path place) throws IOException;

  /** Settings that differ from their defaults. */
  protected Map<String, Object> settings() {
    return Map.of();
  }

  /** Sequences that the model can be fed, of different lengths, at least two tokens each. */
  protected List<Sequence> sequences() {
    return List.of(
        Sequence.of(3, 4, 5, 6, 7),
        Sequence.of(8, 9),
        Sequence.of(10, 11, 12, 13, 14, 15, 16, 17, 18),
        Sequence.of(5, 4, 3, 2, 1),
        Sequence.of(20, 21, 22));
  }

  /** Which tokens can be read; the last in the list gives one row a sequence. */
  protected List<Selector> selectors() {
    return List.of(
        Selector.all(), Selector.first(), Selector.index(1), Selector.index(-2), Selector.last());
  }

  /** Opens a model as the contract wants it: float32, two threads. */
  protected ModelBackend open(Path model) {
    return factory()
        .open(
            ModelSource.builder(
                    model.toString(),
                    model,
                    Resources.builder(folder.resolve("cache")).threads(2).build(),
                    new SettingsConfig(factory().settings(), settings()))
                .build());
  }

  /** The model under test, behind checks of every call. */
  protected final ModelBackend backend() {
    return backend;
  }

  @BeforeEach
  void openModel() throws IOException {
    backend = new AssertingBackend(open(model(Files.createDirectories(folder.resolve("model")))));
  }

  @AfterEach
  void closeModel() {
    backend.close();
  }

  /**
   * Where the model is read: one point of every site, in its last block. To be overridden where
   * sites stand outside the blocks.
   */
  protected List<HookPoint> points() {
    return backend.capabilities().sites().stream()
        .filter(site -> !site.equals(HookPoint.LOG_PROB.name()))
        .map(this::last)
        .filter(point -> !point.isEdge())
        .toList();
  }

  private HookPoint last(String site) {
    if (site.startsWith(LINEAR)) {
      return HookPoint.parse(LINEAR + "model.layers.0." + site.substring(LINEAR.length()));
    }
    return OUTSIDE_BLOCKS.contains(site) || site.startsWith("ln_final.")
        ? HookPoint.parse(site)
        : HookPoint.of(backend.info().layers() - 1, site);
  }

  /** The point that most tests read: the output of the last block, if it can be. */
  private HookPoint deepest() {
    List<HookPoint> points = points();
    return points.stream()
        .filter(point -> point.site().equals(HookPoint.RESID_POST))
        .findFirst()
        .orElseGet(points::getLast);
  }

  private Read read() {
    return Read.of(deepest(), selectors().getFirst());
  }

  private Readings read(List<Sequence> sequences) {
    return Readings.of(backend, read(), sequences);
  }

  @Test
  void infoDescribesSomeModel() {
    assertThat(backend.info().architecture())
        .as("info().architecture(): the family's name")
        .isNotBlank();
    assertThat(backend.info().layers()).as("info().layers()").isPositive();
    assertThat(backend.info().width()).as("info().width()").isPositive();
    assertThat(backend.info().vocabularySize()).as("info().vocabularySize()").isPositive();
    assertThat(backend.info().contentHash())
        .as("info().contentHash(): hexadecimal digits of the weights and what else decides results")
        .matches("[0-9a-f]{16,}");
  }

  @Test
  void theSameModelHasTheSameHash() throws IOException {
    Path again = model(Files.createDirectories(folder.resolve("again")));
    try (ModelBackend other = open(again)) {
      assertThat(other.info().contentHash())
          .as("info().contentHash() of the same files in another folder")
          .isEqualTo(backend.info().contentHash());
    }
  }

  @Test
  void everySiteGivesFiniteRowsOfTheAnnouncedWidth() {
    assertThat(points()).as("sites that can be read").isNotEmpty();
    for (HookPoint point : points()) {
      Readings rows =
          Readings.of(backend, Read.of(point, selectors().getFirst()), List.of(sequences().get(0)));
      assertThat(rows.size()).as("rows at %s", point).isPositive();
      for (String key : rows.keys()) {
        float[] row = rows.row(0, Integer.parseInt(key.substring(key.indexOf('/') + 1)));
        assertThat(row).as("a row at %s", point).hasSize(backend.info().width(point));
        for (float value : row) {
          assertThat(Float.isFinite(value)).as("a number at %s", point).isTrue();
        }
      }
    }
  }

  @Test
  void aRowDoesNotDependOnTheOtherSequencesOfItsRequest() {
    List<Readings> single = sequences().stream().map(each -> read(List.of(each))).toList();
    read(sequences()).assertClose(Readings.join(single), TOLERANCE);
  }

  @Test
  void aSequenceThatIsAskedForTwiceGivesTheSameTwice() {
    Sequence sequence = sequences().getLast();
    Readings twice = read(List.of(sequence, sequences().getFirst(), sequence));
    Readings once = read(List.of(sequence));
    for (String key : once.keys()) {
      int place = Integer.parseInt(key.substring(key.indexOf('/') + 1));
      Readings.assertClose(twice.row(0, place), once.row(0, place), TOLERANCE);
      Readings.assertClose(twice.row(2, place), once.row(0, place), TOLERANCE);
    }
  }

  @Test
  void resultsDoNotDependOnTheTokenBudget() {
    Readings automatic = read(sequences());
    for (int budget : new int[] {1, 7, 1_000}) {
      Readings.of(backend, read(), sequences(), budget).assertClose(automatic, TOLERANCE);
    }
  }

  @Test
  void theSameRequestGivesTheSameBits() {
    Readings first = read(sequences());
    read(sequences()).assertClose(first, 0);
    backend.forget();
    read(sequences()).assertClose(first, 0);
  }

  @Test
  void selectorsTakeRowsOfTheFullStream() {
    if (!selectors().contains(Selector.all())) {
      return;
    }
    HookPoint point = deepest();
    Readings all = Readings.of(backend, Read.of(point, Selector.all()), sequences());
    for (Selector selector : selectors()) {
      Readings some = Readings.of(backend, Read.of(point, selector), sequences());
      for (int i = 0; i < sequences().size(); i++) {
        for (int token : selector.tokens(sequences().get(i))) {
          int place = selector.givesOneToken() ? 0 : token;
          Readings.assertClose(some.row(i, place), all.row(i, token), TOLERANCE);
        }
      }
    }
  }

  @Test
  void reductionsRunOverTheSelectedTokens() {
    if (!selectors().contains(Selector.all())) {
      return;
    }
    Read every = Read.of(deepest(), Selector.all());
    Readings all = Readings.of(backend, every, sequences());
    for (String reduction : List.of(Read.MEAN, Read.MAX, Read.NORM)) {
      if (backend.capabilities().reductions().contains(reduction)) {
        Readings reduced = Readings.of(backend, every.reduce(reduction), sequences());
        for (int i = 0; i < sequences().size(); i++) {
          float[] expected = all.reduced(i, 0, sequences().get(i).length(), reduction);
          Readings.assertClose(reduced.row(i, 0), expected, TOLERANCE);
        }
      }
    }
  }

  @Test
  void aTokenThatASequenceDoesNotHaveIsRefusedWithItsLength() {
    if (!backend.capabilities().selectors().contains(Selector.INDEX)) {
      return;
    }
    int shortest = sequences().stream().mapToInt(Sequence::length).min().orElseThrow();
    for (int index : new int[] {shortest, -shortest - 1}) {
      assertRefused(Read.of(deepest(), Selector.index(index)), sequences(), shortest + " tokens");
    }
  }

  @Test
  void kindsThatItDoesNotKnowAreRefusedByName() {
    assertRefused(Read.of(deepest(), Selector.of("every", 2)), sequences(), "every");
    assertRefused(read().reduce("median"), sequences(), "median");
    int[] tokens = sequences().getFirst().tokens();
    Intervention twist =
        Intervention.of("twist", deepest(), Selector.last(), 1, new float[backend.info().width()]);
    Sequence twisted = Sequence.builder(tokens).intervene(List.of(twist)).build();
    assertRefused(read(), List.of(twisted), "twist");
    if (backend.capabilities().features().contains(Capabilities.DISTANCES)) {
      Sequence far = Sequence.builder(tokens).distances(Distances.of("folded", 3)).build();
      assertRefused(read(), List.of(far), "folded");
    }
    if (backend.capabilities().features().contains(Capabilities.GRADIENTS)) {
      Objective entropy = Objective.of("entropy", List.of(new Sequence.Target(1, tokens[0])), 0);
      Sequence differentiated = Sequence.builder(tokens).objective(entropy).build();
      assertRefused(read().gradient(), List.of(differentiated), "entropy");
    }
  }

  @Test
  void theReadsOfOneGroupArriveTogether() {
    Read first = Read.of(points().getFirst(), selectors().getLast());
    Read last = Read.of(deepest(), selectors().getLast());
    ForwardRequest request = ForwardRequest.of(sequences()).read(first, last).read(first).build();
    int rows = 0;
    try (ActivationStream stream = backend.forward(request)) {
      while (stream.next()) {
        List<Rows> together = stream.batch().rows();
        assertThat(together)
            .as(
                "number of reads in a batch of group %d: a batch holds all reads of its group",
                stream.batch().group())
            .hasSize(stream.batch().group() == 0 ? 2 : 1);
        assertThat(together.getFirst().sequences())
            .as(
                "sequences of the rows of the first read of a batch, which are those of the last read")
            .containsExactly(together.getLast().sequences());
        rows += together.stream().mapToInt(Rows::count).sum();
      }
    }
    assertThat(rows)
        .as("number of rows in all batches: three reads of one token of each sequence")
        .isEqualTo(3 * sequences().size());
  }

  @Test
  void thereIsNoBatchBeforeTheFirst() {
    ForwardRequest request = ForwardRequest.of(sequences()).read(read()).build();
    try (ActivationStream stream = backend.forward(request)) {
      assertThatThrownBy(stream::batch)
          .as("batch() before the first next() throws an IllegalStateException")
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void memoryOfABatchIsGoneOnceTheStreamHasMovedOn() {
    Read first = Read.of(points().getFirst(), selectors().getLast());
    Read last = Read.of(deepest(), selectors().getFirst());
    ForwardRequest request =
        ForwardRequest.of(sequences()).readEach(List.of(first, last)).tokenBudget(1).build();
    int batches = 0;
    try (ActivationStream stream = backend.forward(request)) {
      while (stream.next()) { // AssertingStream reads the batch before
        assertThat(stream.batch().rows())
            .as("rows of a batch for which next() was true")
            .isNotEmpty();
        batches++;
      }
    }
    assertThat(batches)
        .as("number of batches at a budget of one token and several sequences")
        .isGreaterThan(1);
  }

  @Test
  void aStreamMayBeClosedEarlyAndTwice() {
    ActivationStream stream = backend.forward(ForwardRequest.of(sequences()).read(read()).build());
    stream.next();
    stream.close();
    stream.close();
    assertThat(read(sequences()).size()).as("rows of a later request").isPositive();
  }

  @Test
  void anUnknownSiteIsRefusedByName() {
    HookPoint unknown = HookPoint.of(0, "hook_nothing");
    assertThat(backend.capabilities().supports(unknown))
        .as("capabilities().supports() says of a site that does not exist that it can be read")
        .isFalse();
    assertRefused(Read.of(unknown, Selector.last()), sequences(), "hook_nothing");
  }

  @Test
  void aBlockThatDoesNotExistIsRefusedByName() {
    for (HookPoint point : points()) {
      if (point.layer().isPresent() && !point.isLinear()) {
        HookPoint beyond = HookPoint.of(BLOCKS_THAT_NONE_HAS, point.site());
        assertRefused(
            Read.of(beyond, Selector.last()), sequences(), "blocks." + BLOCKS_THAT_NONE_HAS);
        HookPoint next = HookPoint.of(backend.info().layers(), point.site());
        assertRefused(
            Read.of(next, Selector.last()), sequences(), "blocks." + backend.info().layers());
      }
    }
  }

  private void assertRefused(Read read, List<Sequence> sequences, String named) {
    assertThatThrownBy(() -> Readings.of(backend, read, sequences))
        .as("reading %s throws an UnsupportedCapabilityException that says '%s'", read, named)
        .isInstanceOf(UnsupportedCapabilityException.class)
        .message()
        .containsIgnoringCase(named);
  }

  @Test
  void aSequenceLongerThanTheContextIsRefusedWithItsLength() {
    int longest = backend.capabilities().longestContext();
    assertThat(longest).as("capabilities().longestContext()").isPositive();
    if (longest < MOST_TOKENS_TO_TRY) {
      int token = sequences().getFirst().token(0);
      Sequence tooLong = Sequence.of(IntStream.rangeClosed(0, longest).map(i -> token).toArray());
      assertThatThrownBy(() -> read(List.of(tooLong)))
          .as(
              "a sequence of %d tokens, one more than the longest context, is refused with an"
                  + " UnsupportedCapabilityException that says its length",
              longest + 1)
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining((longest + 1) + " tokens");
    }
  }

  @Test
  void whatItCannotDoIsRefused() {
    Capabilities can = backend.capabilities();
    if (!can.generates()) {
      Sequence prompt = Sequence.builder(sequences().getFirst().tokens()).maxNewTokens(1).build();
      assertThatThrownBy(() -> backend.generate(GenerateRequest.greedy(List.of(prompt))))
          .as(
              "generating throws an UnsupportedCapabilityException where capabilities() announce no"
                  + " generation")
          .isInstanceOf(UnsupportedCapabilityException.class);
    }
    if (!can.features().contains(Capabilities.GRADIENTS)) {
      assertThatThrownBy(() -> Readings.of(backend, read().gradient(), sequences()))
          .as(
              "a gradient throws an UnsupportedCapabilityException where capabilities() announce none")
          .isInstanceOf(UnsupportedCapabilityException.class);
    }
    if (!can.features().contains(Capabilities.TRAINING)) {
      int token = sequences().getFirst().token(0);
      Sequence scored = Sequence.builder(new int[] {token, token}).scoreFrom(1).build();
      TrainingPlan plan =
          TrainingPlan.of(
              List.of(TrainingPlan.Step.of(List.of(scored), 0)), TrainingPlan.Adam.usual());
      assertThatThrownBy(() -> backend.train(plan).close())
          .as(
              "training throws an UnsupportedCapabilityException where capabilities() announce none")
          .isInstanceOf(UnsupportedCapabilityException.class);
    }
  }

  @Test
  void whatIsNoModelIsRefusedByName() throws IOException {
    List<Path> none = new ArrayList<>();
    none.add(Files.createDirectories(folder.resolve("empty-folder")));
    none.add(folder.resolve("nothing-here"));
    for (Path path : none) {
      assertThatThrownBy(() -> open(path).close())
          .as(
              "opening %s, where no model is, throws a ModelUnavailableException that names it",
              path.getFileName())
          .isInstanceOf(ModelUnavailableException.class)
          .hasMessageContaining(path.getFileName().toString());
    }
  }
}
