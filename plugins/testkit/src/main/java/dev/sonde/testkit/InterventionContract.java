package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.Frequencies;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Intervention.Phase;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes of activations, positions and visibility do, for backends that offer them. */
public abstract class InterventionContract {
  private static final HookPoint MIDDLE = HookPoint.of(1, "hook_resid_post");
  private static final HookPoint END = HookPoint.of(TinyModel.LAYERS - 1, "hook_resid_post");
  private static final int[] TOKENS = {3, 9, 4, 22, 8, 15};
  private static final float[] VECTOR = vector();

  /** A folder for the test. */
  @TempDir protected Path folder;

  private LanguageModel backend;

  /** For sub-classes. */
  protected InterventionContract() {}

  /** The backend under test. */
  protected abstract ModelBackendFactory factory();

  private static float[] vector() {
    float[] vector = new float[TinyModel.WIDTH];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) Math.sin(1.7 * i + 0.3);
    }
    return vector;
  }

  @BeforeEach
  void open() {
    Path model = TinyModel.write(folder.resolve("tiny"), 5);
    backend = OpenedModel.of(factory(), model, folder);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void addingMovesEverySelectedRowByTheScaledVector() {
    Readings plain = read(MIDDLE);
    Readings moved = read(MIDDLE, Intervention.add(MIDDLE, Selector.all(), VECTOR, -2.5));
    for (int token = 0; token < TOKENS.length; token++) {
      float[] expected = plain.row(0, token).clone();
      for (int c = 0; c < expected.length; c++) {
        expected[c] -= 2.5f * VECTOR[c];
      }
      Readings.assertClose(moved.row(0, token), expected, 1e-6);
    }
  }

  @Test
  void onlyTheSelectedTokenAndWhatSeesItChange() {
    Intervention third = Intervention.add(MIDDLE, Selector.index(2), VECTOR, 3);
    Readings plain = read(END);
    Readings moved = read(END, third);
    for (int token = 0; token < TOKENS.length; token++) {
      double change = Readings.relativeError(moved.row(0, token), plain.row(0, token));
      if (token < 2) {
        assertThat(change)
            .as("relative change at token %d, before the one that was moved", token)
            .isZero();
      } else {
        assertThat(change)
            .as("relative change at token %d, which sees the one that was moved", token)
            .isGreaterThan(1e-4);
      }
    }
  }

  @Test
  void scalingAlongAVectorLeavesTheRestAlone() {
    Readings plain = read(MIDDLE);
    Readings scaled = read(MIDDLE, Intervention.scaleAlong(MIDDLE, Selector.all(), VECTOR, 0.5));
    Readings without = read(MIDDLE, Intervention.projectOut(MIDDLE, Selector.all(), VECTOR));
    for (int token = 0; token < TOKENS.length; token++) {
      double along = along(plain.row(0, token));
      assertThat(along(scaled.row(0, token)))
          .as("token %d along the vector, scaled by half of itself", token)
          .isCloseTo(1.5 * along, within(1e-4));
      assertThat(along(without.row(0, token)))
          .as("token %d along the vector that was projected out", token)
          .isCloseTo(0, within(1e-5));
      float[] expected = plain.row(0, token).clone();
      double length = Math.sqrt(dot(VECTOR, VECTOR));
      for (int c = 0; c < expected.length; c++) {
        expected[c] -= (float) (along * VECTOR[c] / length);
      }
      Readings.assertClose(without.row(0, token), expected, 1e-5);
    }
  }

  @Test
  void erasingTakesAwayWhatIsReadAroundAMean() {
    Assumptions.assumeTrue(
        backend.capabilities().interventions().contains(Intervention.ERASE),
        "the backend does not erase");
    float[] read = new float[TinyModel.WIDTH];
    float[] mean = new float[TinyModel.WIDTH];
    for (int c = 0; c < read.length; c++) {
      read[c] = (float) Math.cos(0.9 * c);
      mean[c] = 0.1f * (c % 3);
    }
    float[] removed = VECTOR.clone();
    double along = dot(removed, read);
    for (int c = 0; c < removed.length; c++) {
      removed[c] /= (float) along; // so that erasing twice is erasing once
    }
    Intervention erase = Intervention.erase(MIDDLE, Selector.all(), removed, read, mean);
    Readings plain = read(MIDDLE);
    Readings erased = read(MIDDLE, erase);
    read(MIDDLE, erase, erase).assertClose(erased, 1e-5);
    for (int token = 0; token < TOKENS.length; token++) {
      double found = dot(plain.row(0, token), read) - dot(mean, read);
      float[] expected = plain.row(0, token).clone();
      for (int c = 0; c < expected.length; c++) {
        expected[c] -= (float) (found * removed[c]);
      }
      Readings.assertClose(erased.row(0, token), expected, 1e-5);
      assertThat(dot(erased.row(0, token), read))
          .as("token %d, what is read of the erased row is that of the mean", token)
          .isCloseTo(dot(mean, read), within(1e-4));
    }
  }

  @Test
  void anAmountOfNothingChangesNothing() {
    Readings plain = read(END);
    for (Intervention none :
        List.of(
            Intervention.add(MIDDLE, Selector.all(), VECTOR, 0),
            Intervention.scaleAlong(MIDDLE, Selector.all(), VECTOR, 0))) {
      read(END, none).assertClose(plain, 1e-6);
    }
  }

  @Test
  void aRowKeepsItsLengthWhereThatIsAsked() {
    Readings plain = read(MIDDLE);
    Intervention add = Intervention.add(MIDDLE, Selector.all(), VECTOR, 4).keepingNorm();
    Readings moved = read(MIDDLE, add);
    for (int token = 0; token < TOKENS.length; token++) {
      double before = Math.sqrt(dot(plain.row(0, token), plain.row(0, token)));
      double after = Math.sqrt(dot(moved.row(0, token), moved.row(0, token)));
      assertThat(after)
          .as("length of row %d after adding with its norm kept", token)
          .isCloseTo(before, within(1e-4 * before));
    }
  }

  @Test
  void patchingWithItsOwnRowsIsNoChangeAndWithAnothersGivesItsContinuation() {
    Sequence other = Sequence.of(3, 9, 4, 22, 8, 31);
    Readings rows = Readings.of(backend, Read.of(MIDDLE, Selector.last()), List.of(other));
    Readings wanted = Readings.of(backend, Read.of(END, Selector.last()), List.of(other));
    float[] own = read(MIDDLE).row(0, TOKENS.length - 1);

    read(END, Intervention.patch(MIDDLE, Selector.last(), own)).assertClose(read(END), 1e-6);
    float[] patched =
        read(END, Intervention.patch(MIDDLE, Selector.last(), rows.row(0, 0)))
            .row(0, TOKENS.length - 1);
    Readings.assertClose(patched, wanted.row(0, 0), 1e-5);
  }

  @Test
  void zeroPutsZeros() {
    Readings zero = read(MIDDLE, Intervention.zero(MIDDLE, Selector.first(), TinyModel.WIDTH));
    assertThat(zero.row(0, 0)).as("the row that was set to zero").containsOnly(0);
    assertThat(dot(zero.row(0, 1), zero.row(0, 1)))
        .as("squared length of the row beside the one that was set to zero")
        .isPositive();
  }

  @Test
  void neighboursInOneBatchAreNotTouched() {
    Sequence plain = Sequence.of(TOKENS);
    Sequence steered =
        Sequence.of(TOKENS).intervene(List.of(Intervention.add(MIDDLE, Selector.all(), VECTOR, 3)));
    Readings both = Readings.of(backend, Read.of(END, Selector.last()), List.of(steered, plain));
    Readings alone = Readings.of(backend, Read.of(END, Selector.last()), List.of(plain));
    Readings.assertClose(both.row(1, 0), alone.row(0, 0), 1e-5);
    assertThat(Readings.relativeError(both.row(0, 0), alone.row(0, 0)))
        .as("relative change of the sequence that is steered itself")
        .isGreaterThan(1e-3);
  }

  @Test
  void onlyDistancesCountWhereTokensAreMovedTogether() {
    assumeOffered(Capabilities.POSITIONS);
    int[] shifted = IntStream.range(0, TOKENS.length).map(i -> i + 11).toArray();
    int[] stretched = IntStream.range(0, TOKENS.length).map(i -> 3 * i).toArray();
    Readings plain = read(END);
    moved(shifted).assertClose(plain, 1e-4);
    assertThat(Readings.relativeError(moved(stretched).row(0, 5), plain.row(0, 5)))
        .as("relative change with positions three times as far apart")
        .isGreaterThan(1e-3);
  }

  private Readings moved(int[] positions) {
    Sequence sequence = Sequence.of(TOKENS).positions(positions);
    return Readings.of(backend, Read.of(END, Selector.all()), List.of(sequence));
  }

  @Test
  void hiddenKeysGetNothing() {
    Sequence sequence = Sequence.of(TOKENS).block(new Sequence.Blocked(3, 5, 1, 3));
    HookPoint pattern = HookPoint.of(1, HookPoint.PATTERN);
    Readings rows = Readings.of(backend, Read.of(pattern, Selector.all()), List.of(sequence));
    for (int query = 0; query < TOKENS.length; query++) {
      float[] row = rows.row(0, query);
      for (int cell = 0; cell < row.length; cell++) {
        int key = cell % (query + 1);
        boolean hidden = query >= 3 && query < 5 && key >= 1 && key < 3;
        assertThat(row[cell] == 0)
            .as(
                "head and key %d of query %d get no attention; hidden are keys 1 and 2 from queries 3 and 4",
                cell, query)
            .isEqualTo(hidden);
      }
    }
  }

  @Test
  void aWindowWithSinksHidesTheMiddle() {
    Sequence sequence = Sequence.of(TOKENS).sinksAndWindow(1, 2);
    HookPoint pattern = HookPoint.of(0, HookPoint.PATTERN);
    Readings rows = Readings.of(backend, Read.of(pattern, Selector.last()), List.of(sequence));
    float[] last = rows.row(0, 0);
    assertThat(last[0]).as("attention to the sink").isPositive();
    assertThat(last[3]).as("attention to what lies between sink and window").isZero();
    assertThat(last[4]).as("attention to the window's first token").isPositive();
    assertThat(last[5]).as("attention to the token itself").isPositive();
  }

  @Test
  void distancesThatReachFartherThanTheTextChangeNothing() {
    assumeOffered(Capabilities.DISTANCES);
    Readings plain = read(END);
    distances(Distances.AT_MOST, TOKENS.length).assertClose(plain, 1e-5);
    Readings near = distances(Distances.AT_MOST, 2);
    for (int token = 0; token < 3; token++) {
      Readings.assertClose(near.row(0, token), plain.row(0, token), 1e-5);
    }
    assertThat(Readings.relativeError(near.row(0, 5), plain.row(0, 5)))
        .as("relative change of a token that is farther from the first than two")
        .isGreaterThan(1e-4);
  }

  @Test
  void noDistanceIsThatOfTokensAtOnePosition() {
    assumeOffered(Capabilities.DISTANCES);
    assumeOffered(Capabilities.POSITIONS);
    distances(Distances.CONSTANT, 0).assertClose(moved(new int[TOKENS.length]), 1e-5);
    assertThat(
            Readings.relativeError(
                distances(Distances.CONSTANT, 3).row(0, 5),
                distances(Distances.CONSTANT, 0).row(0, 5)))
        .as("relative difference between all tokens at distance 3 and at distance 0")
        .isGreaterThan(1e-4);
  }

  @Test
  void otherFrequenciesRotateAsPositionsOfAnotherScaleDo() {
    assumeOffered(Capabilities.FREQUENCIES);
    assumeOffered(Capabilities.POSITIONS);
    float[] own = backend.info().attention().getFirst().rotary().orElseThrow().frequencies();
    float[] thrice = own.clone();
    for (int plane = 0; plane < thrice.length; plane++) {
      thrice[plane] *= 3;
    }
    frequencies(own, 1).assertClose(read(END), 1e-6);
    int[] stretched = IntStream.range(0, TOKENS.length).map(i -> 3 * i).toArray();
    frequencies(thrice, 1).assertClose(moved(stretched), 1e-5);
    assertThat(
            Readings.relativeError(frequencies(own, 1.5).row(0, 5), frequencies(own, 1).row(0, 5)))
        .as("relative change with cosines and sines half as large again")
        .isGreaterThan(1e-4);
  }

  @Test
  void frequenciesForAnotherNumberOfPlanesAreRefused() {
    assumeOffered(Capabilities.FREQUENCIES);
    assertThatThrownBy(() -> frequencies(new float[] {1}, 1))
        .as("one frequency for more planes is refused with an UnsupportedCapabilityException")
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("1 frequencies");
  }

  private Readings frequencies(float[] perPlane, double magnitude) {
    Sequence sequence = Sequence.of(TOKENS).frequencies(Frequencies.of(perPlane, magnitude));
    return Readings.of(backend, Read.of(END, Selector.all()), List.of(sequence));
  }

  /** What is not announced is refused, which {@link BackendContract} tests. */
  private void assumeOffered(String feature) {
    Assumptions.assumeTrue(
        backend.capabilities().features().contains(feature), () -> "does not offer " + feature);
  }

  @Test
  void groupsOfPositionsAreTokensThatShareAPosition() {
    assumeOffered(Capabilities.DISTANCES);
    assumeOffered(Capabilities.POSITIONS);
    Assumptions.assumeTrue(
        backend.capabilities().distances().contains(Distances.GROUPED), "does not group distances");
    int[] pairs = IntStream.range(0, TOKENS.length).map(token -> token / 2).toArray();
    distances(Distances.grouped(0, 2)).assertClose(moved(pairs), 1e-5);
    distances(Distances.grouped(2, 1)).assertClose(read(END), 1e-5);
    Readings near = distances(Distances.grouped(3, 2));
    for (int token = 0; token < 4; token++) {
      Readings.assertClose(near.row(0, token), read(END).row(0, token), 1e-5);
    }
  }

  private Readings distances(String kind, int tokens) {
    return distances(Distances.of(kind, tokens));
  }

  private Readings distances(Distances changed) {
    Sequence sequence = Sequence.of(TOKENS).distances(changed);
    return Readings.of(backend, Read.of(END, Selector.all()), List.of(sequence));
  }

  @Test
  void scoresAreAddedToOrReplacedBeforeTheSoftmaxWhereTheyAreNotMasked() {
    HookPoint scores = HookPoint.of(1, HookPoint.SCORES);
    HookPoint pattern = HookPoint.of(1, HookPoint.PATTERN);
    int heads = TinyModel.HEADS;
    int n = TOKENS.length;
    float[] same = new float[heads * n * n];
    Readings even = read(pattern, Intervention.replaceScores(scores, same));
    for (int query = 0; query < n; query++) {
      assertThat(even.row(0, query))
          .as("weights of query %d: of each head, one a key", query)
          .hasSize(heads * (query + 1));
      assertThat(even.row(0, query)[0])
          .as("the weight of a key of query %d where all scores were replaced by the same", query)
          .isCloseTo(1f / (query + 1), within(1e-6f));
    }
    Readings before = read(scores);
    Readings after = read(scores, Intervention.addToScores(scores, numbered(heads, n), 2));
    for (int query = 0; query < n; query++) {
      float[] row = before.row(0, query).clone();
      for (int cell = 0; cell < row.length; cell++) {
        row[cell] += 2f * (cell / (query + 1) * n * n + query * n + cell % (query + 1));
      }
      Readings.assertClose(after.row(0, query), row, 1e-6);
    }
  }

  private static float[] numbered(int heads, int tokens) {
    float[] values = new float[heads * tokens * tokens];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return values;
  }

  @Test
  void whatActsOnGeneratedTokensLeavesTheFirstOneAsItWas() {
    List<Integer> plain = generate(List.of());
    Intervention add = Intervention.add(MIDDLE, Selector.all(), VECTOR, 40);
    List<Integer> late = generate(List.of(add.in(Phase.GENERATED)));
    List<Integer> always = generate(List.of(add));
    assertThat(late.getFirst())
        .as("the first token, which the change of generated tokens comes after")
        .isEqualTo(plain.getFirst());
    assertThat(late).as("all tokens with generated ones changed").isNotEqualTo(plain);
    assertThat(always).as("all tokens with prompt and generated ones changed").isNotEqualTo(plain);
  }

  private List<Integer> generate(List<Intervention> changes) {
    Sequence prompt = Sequence.of(TOKENS).maxNewTokens(12).intervene(changes);
    try (GenerationStream stream = backend.generate(GenerateRequest.greedy(List.of(prompt)))) {
      assertThat(stream.next()).as("the prompt is continued").isTrue();
      return IntStream.of(stream.generation().tokens()).boxed().toList();
    }
  }

  private Readings read(HookPoint point, Intervention... changes) {
    Sequence sequence = Sequence.of(TOKENS).intervene(List.of(changes));
    return Readings.of(backend, Read.of(point, Selector.all()), List.of(sequence));
  }

  private static double along(float[] row) {
    return dot(row, VECTOR) / Math.sqrt(dot(VECTOR, VECTOR));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
