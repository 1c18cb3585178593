package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.Frequencies;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
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
 * What every backend refuses, and how: by name, with an exception of the api. Backends extend
 * {@link BackendContract}, which has these tests too.
 */
public abstract class RefusalContract extends ExtensionContract {
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

  private LanguageModel backend;

  /** For sub-classes. */
  protected RefusalContract() {}

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
  protected LanguageModel open(Path model) {
    return factory()
        .open(
            ModelSource.of(
                model.toString(),
                model,
                Resources.of(folder.resolve("cache")).threads(2),
                new SettingsConfig(factory().settings(), settings())));
  }

  /** The model under test, behind checks of every call. */
  protected final LanguageModel backend() {
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
  final HookPoint deepest() {
    List<HookPoint> points = points();
    return points.stream()
        .filter(point -> point.site().equals(HookPoint.RESID_POST))
        .findFirst()
        .orElseGet(points::getLast);
  }

  final Read read() {
    return Read.of(deepest(), selectors().getFirst());
  }

  final Readings read(List<Sequence> sequences) {
    return Readings.of(backend, read(), sequences);
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
    Sequence twisted = Sequence.of(tokens).intervene(List.of(twist));
    assertRefused(read(), List.of(twisted), "twist");
    if (backend.capabilities().features().contains(Capabilities.DISTANCES)) {
      Sequence far = Sequence.of(tokens).distances(Distances.of("folded", 3));
      assertRefused(read(), List.of(far), "folded");
    }
    if (backend.capabilities().features().contains(Capabilities.GRADIENTS)) {
      Objective entropy = Objective.of("entropy", List.of(new Sequence.Target(1, tokens[0])), 0);
      Sequence differentiated = Sequence.of(tokens).objective(entropy);
      assertRefused(read().gradient(), List.of(differentiated), "entropy");
    }
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
      Sequence prompt = Sequence.of(sequences().getFirst().tokens()).maxNewTokens(1);
      assertThatThrownBy(() -> backend.generate(GenerateRequest.greedy(List.of(prompt))))
          .as(
              "generating throws an UnsupportedCapabilityException where capabilities() announce no"
                  + " generation")
          .isInstanceOf(UnsupportedCapabilityException.class);
    }
    int[] tokens = sequences().getFirst().tokens();
    if (!can.features().contains(Capabilities.POSITIONS)) {
      Sequence moved = Sequence.of(tokens).positions(new int[tokens.length]);
      assertRefused(read(), List.of(moved), Capabilities.POSITIONS);
    }
    if (!can.features().contains(Capabilities.DISTANCES)) {
      Sequence far = Sequence.of(tokens).distances(Distances.constant(1));
      assertRefused(read(), List.of(far), Capabilities.DISTANCES);
    }
    if (!can.features().contains(Capabilities.FREQUENCIES)) {
      Sequence turned = Sequence.of(tokens).frequencies(Frequencies.of(new float[] {1}, 1));
      assertRefused(read(), List.of(turned), Capabilities.FREQUENCIES);
    }
    if (!can.features().contains(Capabilities.GRADIENTS)) {
      assertThatThrownBy(() -> Readings.of(backend, read().gradient(), sequences()))
          .as(
              "a gradient throws an UnsupportedCapabilityException where capabilities() announce none")
          .isInstanceOf(UnsupportedCapabilityException.class);
    }
    if (!can.features().contains(Capabilities.TRAINING)) {
      int token = sequences().getFirst().token(0);
      Sequence scored = Sequence.of(new int[] {token, token}).scoreFrom(1);
      TrainingPlan plan = TrainingPlan.of(List.of(TrainingPlan.Step.of(List.of(scored), 0)));
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
