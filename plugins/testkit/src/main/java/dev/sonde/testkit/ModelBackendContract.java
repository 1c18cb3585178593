package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import dev.sonde.api.model.StartingPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every model backend keeps to, on a small random model of the Llama family. One that
 * generates also extends {@link GenerationContract}, one that trains {@link TrainingContract}, and
 * so on for {@link GradientContract} and {@link InterventionContract}.
 */
public abstract class ModelBackendContract extends BackendContract {
  private static final Set<String> OUTSIDE_BLOCKS =
      Set.of("hook_embed", "hook_pos_embed", "logits", "log_prob");

  private static final HookPoint LAST_BLOCK = HookPoint.of(TinyModel.LAYERS - 1, "hook_resid_post");

  private LanguageModel backend;

  /** For sub-classes. */
  protected ModelBackendContract() {}

  @Override
  protected final Path model(Path place) {
    return TinyModel.write(place, 1);
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
    List<Sequence> sequence = List.of(Sequence.of(3, 4, 5).scoreFrom(1));
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
    try (LanguageModel other = open(TinyModel.write(folder.resolve("other"), 2))) {
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
        Sequence.of(5, 6, 7, 8, 9)
            .span(new Span("first step", 1, 3))
            .span(new Span("second step", 3, 5));
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
    List<Sequence.Target> all =
        IntStream.range(0, TinyModel.VOCABULARY)
            .mapToObj(token -> new Sequence.Target(3, token))
            .toList();
    Readings rows = read(Read.logProbabilities(), List.of(Sequence.of(3, 4, 5).targets(all)));
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
  void tokensThatWereScoredBeforeHaveTheSameLogProbabilities() {
    int[] tokens = IntStream.range(0, 24).map(i -> 3 + i * 7 % 30).toArray();
    int[] longer = Arrays.copyOf(tokens, 30);
    Arrays.fill(longer, 24, 30, 11);
    Sequence first = Sequence.of(tokens).scoreFrom(1);
    Sequence second = Sequence.of(longer).scoreFrom(1).target(20, 5);
    Sequence steered =
        Sequence.of(longer)
            .scoreFrom(1)
            .positions(IntStream.range(0, 30).map(i -> 2 * i).toArray());
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
  void sequencesThatBeginAlikeReadAsIfAlone() {
    List<Sequence> alike = new ArrayList<>();
    for (int variant = 0; variant < 6; variant++) {
      int[] tokens = IntStream.range(0, 40).map(i -> 3 + i % 17).toArray();
      tokens[14 + 4 * variant] = 30;
      alike.add(Sequence.of(Arrays.copyOf(tokens, 40 - variant % 3)).scoreFrom(37));
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
    try (LanguageModel fresh = open(folder.resolve("model"))) {
      return Readings.of(fresh, read, List.of(sequence));
    }
  }

  @Test
  void aPassThatBeginsAtABlockGoesOnAsOneFromTheEmbedding() {
    List<Sequence> plain = sequences().stream().map(s -> s.scoreFrom(1)).toList();
    if (!starts()) {
      StartingPoint point = StartingPoint.of(1, new float[3 * TinyModel.WIDTH]);
      assertThatThrownBy(
              () -> read(Read.logProbabilities(), List.of(Sequence.of(3, 4, 5).startAt(point))))
          .as("a starting point is refused by the name of the feature that is not announced")
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining(Capabilities.START);
      return;
    }
    Readings last = read(Read.of(LAST_BLOCK, Selector.all()), plain);
    Readings scores = read(Read.logProbabilities(), plain);
    for (int block = 0; block <= TinyModel.LAYERS; block++) {
      int first = block;
      List<Sequence> started = plain.stream().map(s -> started(s, first)).toList();
      read(Read.logProbabilities(), started).assertClose(scores, TOLERANCE);
      if (block < TinyModel.LAYERS) {
        read(Read.of(LAST_BLOCK, Selector.all()), started).assertClose(last, TOLERANCE);
      }
    }
    List<Sequence> mixed = new ArrayList<>();
    for (int i = 0; i < plain.size(); i++) {
      mixed.add(i % 3 == 0 ? plain.get(i) : started(plain.get(i), i % 3));
    }
    read(Read.logProbabilities(), mixed).assertClose(scores, TOLERANCE);
  }

  private boolean starts() {
    return backend.capabilities().features().contains(Capabilities.START);
  }

  /** A sequence that begins at a block with what the block is given in a plain pass. */
  private Sequence started(Sequence sequence, int block) {
    HookPoint before = HookPoint.of(0, "hook_resid_pre");
    if (block > 0) {
      before = HookPoint.of(block - 1, HookPoint.RESID_POST);
    }
    Readings rows = read(Read.of(before, Selector.all()), List.of(Sequence.of(sequence.tokens())));
    float[] residual = new float[sequence.length() * TinyModel.WIDTH];
    for (int token = 0; token < sequence.length(); token++) {
      System.arraycopy(rows.row(0, token), 0, residual, token * TinyModel.WIDTH, TinyModel.WIDTH);
    }
    return sequence.startAt(StartingPoint.of(block, residual));
  }

  @Test
  void whatIsPassedBeforeTheStartIsRefusedByName() {
    if (!starts()) {
      return;
    }
    Sequence started =
        Sequence.of(3, 4, 5).startAt(StartingPoint.of(1, new float[3 * TinyModel.WIDTH]));
    for (HookPoint behind : List.of(HookPoint.EMBED, HookPoint.of(0, HookPoint.RESID_POST))) {
      assertThatThrownBy(() -> read(Read.of(behind, Selector.last()), List.of(started)))
          .as("%s is not passed by a pass that begins at block 1", behind)
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining(behind.name())
          .hasMessageContaining("block 1");
    }
    Sequence narrow = Sequence.of(3, 4, 5).startAt(StartingPoint.of(1, new float[7]));
    assertThatThrownBy(() -> read(Read.of(LAST_BLOCK, Selector.last()), List.of(narrow)))
        .as("a residual stream of another size is refused with both sizes")
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("7 numbers for 3 tokens of width " + TinyModel.WIDTH);
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
}
