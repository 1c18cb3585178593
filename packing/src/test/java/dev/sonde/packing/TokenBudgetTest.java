package dev.sonde.packing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.packing.TokenBudget.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenBudgetTest {
  @Test
  void runsStandTogetherAsLongAsTheyFitAndALongerOneAlone() {
    assertThat(cut(5, 3, 4, 1)).containsExactly(new Part(0, 2), new Part(2, 4));
    assertThat(cut(2, 30, 2)).containsExactly(new Part(0, 1), new Part(1, 2), new Part(2, 3));
    assertThat(cut(8, 1)).containsExactly(new Part(0, 1), new Part(1, 2));
    assertThat(cut()).isEmpty();
  }

  private static List<Part> cut(int... lengths) {
    return TokenBudget.cut(lengths.length, i -> lengths[i], 8);
  }
}
