package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.Frequencies;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
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

/** What changes of positions, distances and visibility do, for backends that offer them. */
public abstract class PositionContract {
  static final HookPoint END = HookPoint.of(TinyModel.LAYERS - 1, "hook_resid_post");
  static final int[] TOKENS = {3, 9, 4, 22, 8, 15};

  /** A folder for the test. */
  @TempDir protected Path folder;

  private LanguageModel backend;

  /** For sub-classes. */
  protected PositionContract() {}

  /** The backend under test. */
  protected abstract ModelBackendFactory factory();

  /** The backend that is open. */
  LanguageModel backend() {
    return backend;
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

  Readings read(HookPoint point, Intervention... changes) {
    Sequence sequence = Sequence.of(TOKENS).intervene(List.of(changes));
    return Readings.of(backend, Read.of(point, Selector.all()), List.of(sequence));
  }
}
