package dev.sonde.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NewTokensTest {
  private static final int[] ENDS = {7, 8};

  @Test
  void onlyALastTokenEndsAText() {
    assertThat(NewTokens.ended(ENDS, 1, 8)).isTrue();
    assertThat(NewTokens.ended(ENDS, 8, 1)).isFalse();
    assertThat(NewTokens.ended(ENDS)).isFalse();
    assertThat(NewTokens.withoutEnd(ENDS, 1, 8)).containsExactly(1);
    assertThat(NewTokens.withoutEnd(ENDS, 8, 1)).containsExactly(8, 1);
  }

  @Test
  void aTextEndsBeforeTheFirstOfItsStops() {
    assertThat(NewTokens.before("4 . so 5 ;", List.of(";", "."))).isEqualTo("4 ");
    assertThat(NewTokens.before("4", List.of("."))).isEqualTo("4");
  }
}
