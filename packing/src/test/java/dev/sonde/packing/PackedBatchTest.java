package dev.sonde.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import dev.sonde.api.model.StartingPoint;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackedBatchTest {
  private static final HookPoint POINT = HookPoint.EMBED;

  @Test
  void longestSequencesComeFirstAndNoBatchExceedsTheBudget() {
    List<PackedBatch> batches = PackedBatch.pack(lengths(2, 5, 3, 5, 1), 8);
    assertThat(batches).extracting(PackedBatch::tokens).containsExactly(5, 8, 3);
    assertThat(batches.get(1).index(0)).isEqualTo(3);
    assertThat(batches.get(1).index(1)).isEqualTo(2);
  }

  @Test
  void aSequenceLongerThanTheBudgetGetsABatchOfItsOwn() {
    List<PackedBatch> batches = PackedBatch.pack(lengths(1, 20, 1), 4);
    assertThat(batches).extracting(PackedBatch::tokens).containsExactly(20, 2);
  }

  @Test
  void sequencesThatBeginAtOneBlockArePackedWithEachOther() {
    Sequence late = Sequence.of(1, 2).startAt(StartingPoint.of(3, new float[] {1, 2}));
    Sequence later = Sequence.of(1, 2).startAt(StartingPoint.of(3, new float[] {3, 4}));
    List<PackedBatch> batches = PackedBatch.pack(List.of(late, Sequence.of(7), later), 100);
    assertThat(batches).extracting(PackedBatch::size).containsExactly(1, 2);
    assertThat(batches.getFirst().startBlock()).isEmpty();
    assertThat(batches.getLast().startBlock()).hasValue(3);
    assertThat(batches.getLast().residual()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void skippedTokensAreLeftOutAndPlacesStayThoseOfTheSequence() {
    List<Sequence> all = List.of(Sequence.of(1, 2, 3, 4), Sequence.of(1, 2, 5));
    PackedBatch batch = PackedBatch.pack(all, 100, index -> 2).getFirst();
    assertThat(batch.tokenIds()).containsExactly(3, 4, 5);
    RowSelection last = RowSelection.of(Read.of(POINT, Selector.last()), batch);
    assertThat(last.tokens()).containsExactly(1, 2);
  }

  @Test
  void whatNobodyReadsEndsAtTheFirstTokenThatIsRead() {
    Sequence scored = Sequence.of(1, 2, 3, 4, 5).target(3, 9);
    ForwardRequest request = ForwardRequest.of(List.of(scored));
    assertThat(RowSelection.unread(request.read(Read.of(POINT, Selector.last())), scored))
        .isEqualTo(4);
    assertThat(RowSelection.unread(request.read(Read.logProbabilities()), scored)).isEqualTo(2);
    assertThat(RowSelection.unread(request.read(Read.of(POINT, Selector.all())), scored)).isZero();
  }

  @Test
  void aGradientNeedsNothingBeforeItsRowsAndWhatPredictsItsTargets() {
    Sequence later = Sequence.of(1, 2, 3, 4, 5).span(new Span("a", 2, 4));
    Sequence.Target second = new Sequence.Target(1, 2);
    Sequence.Target last = new Sequence.Target(4, 5);
    ForwardRequest norms =
        ForwardRequest.of(List.of(later)).read(Read.of(POINT, Selector.eachSpan()).gradient());
    assertThat(RowSelection.unread(norms, later.objective(Objective.probability(List.of(last)))))
        .isEqualTo(2);
    assertThat(
            RowSelection.unread(
                norms, later.objective(Objective.probability(List.of(second, last)))))
        .isZero();
  }

  @Test
  void eachSelectorTakesTheTokensItNames() {
    Sequence steps = Sequence.of(1, 2, 3, 4, 5).span(new Span("a", 1, 3)).span(new Span("b", 4, 5));
    PackedBatch batch = PackedBatch.pack(List.of(steps, Sequence.of(9, 9)), 100).getFirst();

    assertThat(RowSelection.of(Read.of(POINT, Selector.last()), batch).tokens())
        .containsExactly(4, 6);
    assertThat(RowSelection.of(Read.of(POINT, Selector.first()), batch).tokens())
        .containsExactly(0, 5);
    assertThat(RowSelection.of(Read.of(POINT, Selector.index(-2)), batch).tokens())
        .containsExactly(3, 5);
    RowSelection all = RowSelection.of(Read.of(POINT, Selector.all()), batch);
    assertThat(all.tokens()).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(all.places()).containsExactly(0, 1, 2, 3, 4, 0, 1);
    assertThat(all.sequences()).containsExactly(0, 0, 0, 0, 0, 1, 1);
    RowSelection spans =
        RowSelection.of(Read.of(POINT, Selector.eachSpan()).reduce(Read.MEAN), batch);
    assertThat(spans.size()).isEqualTo(2);
    assertThat(spans.from(0)).isEqualTo(1);
    assertThat(spans.to(0)).isEqualTo(3);
    assertThat(spans.places()).containsExactly(0, 1);
  }

  @Test
  void anIndexOutsideASequenceIsRefused() {
    PackedBatch batch = PackedBatch.pack(lengths(2), 100).getFirst();
    assertThatThrownBy(() -> RowSelection.of(Read.of(POINT, Selector.index(2)), batch))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("a sequence of 2 tokens");
  }

  private static List<Sequence> lengths(int... lengths) {
    return IntStream.of(lengths)
        .mapToObj(n -> Sequence.of(IntStream.range(0, n).toArray()))
        .toList();
  }
}
