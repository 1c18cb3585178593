package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every model backend keeps to, whatever it opens. What it announces is tested to work; what
 * it does not announce, to be refused.
 */
public abstract class BackendContract extends RefusalContract {
  /** Packed and single runs agree to this share of a row's norm. */
  static final double TOLERANCE = 5e-5;

  /** For sub-classes. */
  protected BackendContract() {}

  @Test
  void infoDescribesSomeModel() {
    assertThat(backend().info().architecture())
        .as("info().architecture(): the family's name")
        .isNotBlank();
    assertThat(backend().info().layers()).as("info().layers()").isPositive();
    assertThat(backend().info().width()).as("info().width()").isPositive();
    assertThat(backend().info().vocabularySize()).as("info().vocabularySize()").isPositive();
    assertThat(backend().info().contentHash())
        .as("info().contentHash(): hexadecimal digits of the weights and what else decides results")
        .matches("[0-9a-f]{16,}");
  }

  @Test
  void theSameModelHasTheSameHash() throws IOException {
    Path again = model(Files.createDirectories(folder.resolve("again")));
    try (LanguageModel other = open(again)) {
      assertThat(other.info().contentHash())
          .as("info().contentHash() of the same files in another folder")
          .isEqualTo(backend().info().contentHash());
    }
  }

  @Test
  void everySiteGivesFiniteRowsOfTheAnnouncedWidth() {
    assertThat(points()).as("sites that can be read").isNotEmpty();
    for (HookPoint point : points()) {
      Readings rows =
          Readings.of(
              backend(), Read.of(point, selectors().getFirst()), List.of(sequences().get(0)));
      assertThat(rows.size()).as("rows at %s", point).isPositive();
      for (String key : rows.keys()) {
        float[] row = rows.row(0, Integer.parseInt(key.substring(key.indexOf('/') + 1)));
        assertThat(row).as("a row at %s", point).hasSize(backend().info().width(point));
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
      Readings.of(backend(), read(), sequences(), budget).assertClose(automatic, TOLERANCE);
    }
  }

  @Test
  void theSameRequestGivesTheSameBits() {
    Readings first = read(sequences());
    read(sequences()).assertClose(first, 0);
    backend().forget();
    read(sequences()).assertClose(first, 0);
  }

  @Test
  void selectorsTakeRowsOfTheFullStream() {
    if (!selectors().contains(Selector.all())) {
      return;
    }
    HookPoint point = deepest();
    Readings all = Readings.of(backend(), Read.of(point, Selector.all()), sequences());
    for (Selector selector : selectors()) {
      Readings some = Readings.of(backend(), Read.of(point, selector), sequences());
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
    Readings all = Readings.of(backend(), every, sequences());
    for (String reduction : List.of(Read.MEAN, Read.MAX, Read.NORM)) {
      if (backend().capabilities().reductions().contains(reduction)) {
        Readings reduced = Readings.of(backend(), every.reduce(reduction), sequences());
        for (int i = 0; i < sequences().size(); i++) {
          float[] expected = all.reduced(i, 0, sequences().get(i).length(), reduction);
          Readings.assertClose(reduced.row(i, 0), expected, TOLERANCE);
        }
      }
    }
  }

  @Test
  void theReadsOfOneGroupArriveTogether() {
    Read first = Read.of(points().getFirst(), selectors().getLast());
    Read last = Read.of(deepest(), selectors().getLast());
    ForwardRequest request = ForwardRequest.of(sequences()).read(first, last).read(first);
    int rows = 0;
    try (ActivationStream stream = backend().forward(request)) {
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
    ForwardRequest request = ForwardRequest.of(sequences()).read(read());
    try (ActivationStream stream = backend().forward(request)) {
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
        ForwardRequest.of(sequences()).readEach(List.of(first, last)).tokenBudget(1);
    int batches = 0;
    try (ActivationStream stream = backend().forward(request)) {
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
    ActivationStream stream = backend().forward(ForwardRequest.of(sequences()).read(read()));
    stream.next();
    stream.close();
    stream.close();
    assertThat(read(sequences()).size()).as("rows of a later request").isPositive();
  }
}
