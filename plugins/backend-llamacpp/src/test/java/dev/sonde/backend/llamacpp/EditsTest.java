package dev.sonde.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.util.List;
import org.junit.jupiter.api.Test;

class EditsTest {
  private static final HookPoint POINT = HookPoint.of(0, HookPoint.RESID_POST);

  private static Edits edits(Intervention... changes) {
    return new Edits(Sequence.of(1, 2, 3).intervene(List.of(changes)));
  }

  @Test
  void changesActInTheOrderInWhichTheyAreNamed() {
    float[] one = {1, 0};
    Edits edits =
        edits(
            Intervention.replace(POINT, Selector.all(), new float[] {3, 4}),
            Intervention.projectOut(POINT, Selector.all(), one),
            Intervention.add(POINT, Selector.all(), one, 2));
    assertThat(edits.apply(POINT, 1, new float[] {9, 9})).containsExactly(2, 4);
  }

  @Test
  void whatIsErasedIsReadAroundTheMeanAndRemovedElsewhere() {
    Intervention erase =
        Intervention.erase(
            POINT, Selector.all(), new float[] {1, 2}, new float[] {1, 0}, new float[] {3, 7});
    assertThat(edits(erase).apply(POINT, 1, new float[] {5, 9})).containsExactly(3, 5);
    assertThat(edits(erase, erase).apply(POINT, 2, new float[] {5, 9})).containsExactly(3, 5);
    assertThat(edits(erase).apply(POINT, 0, new float[] {3, 9})).containsExactly(3, 9);
    Intervention tooFew =
        Intervention.of(Intervention.ERASE, POINT, Selector.all(), 1, new float[4]);
    assertThatThrownBy(() -> edits(tooFew).apply(POINT, 1, new float[2]))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("what is removed, what is read and the mean");
  }

  @Test
  void rowsOfAPatchGoToTheSelectedTokensInTheirOrder() {
    Edits edits = edits(Intervention.patch(POINT, Selector.all(), new float[] {1, 1, 2, 2, 3, 3}));
    assertThat(edits.apply(POINT, 2, new float[2])).containsExactly(3, 3);
    assertThat(edits.apply(POINT, 0, new float[2])).containsExactly(1, 1);
  }

  @Test
  void aPhaseDecidesBetweenGivenAndGeneratedTokens() {
    Intervention add = Intervention.add(POINT, Selector.last(), new float[] {1, 1}, 1);
    assertThat(edits(add.in(Intervention.Phase.GENERATED)).touches(POINT, 2)).isFalse();
    assertThat(edits(add.in(Intervention.Phase.GENERATED)).touches(POINT, 3)).isTrue();
    assertThat(edits(add.in(Intervention.Phase.PROMPT)).touches(POINT, 2)).isTrue();
    assertThat(edits(add.in(Intervention.Phase.PROMPT)).touches(POINT, 3)).isFalse();
    assertThat(edits(add).touches(POINT, 1)).isFalse();
  }

  @Test
  void aHiddenKeyHasNoScoreAndATokenAlwaysSeesItself() {
    Edits edits = new Edits(Sequence.of(1, 2, 3).block(new Sequence.Blocked(1, 3, 1, 2)));
    assertThat(edits.score(0, 0, 2, 1, 5)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(edits.score(0, 0, 1, 1, 5)).isEqualTo(5);
    assertThat(edits.score(0, 0, 2, 0, 5)).isEqualTo(5);
  }
}
