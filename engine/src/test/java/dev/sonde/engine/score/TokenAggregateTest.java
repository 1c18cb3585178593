package dev.sonde.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.InvalidInputException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenAggregateTest {
  private static final double[] ONE_HIGH =
      IntStream.range(0, 100).mapToDouble(i -> i == 40 ? 10 : 0).toArray();

  @Test
  void eachSaysOfOneHighTokenWhatItsNamePromises() {
    assertThat(TokenAggregate.parse("max").of(ONE_HIGH)).isEqualTo(10);
    assertThat(TokenAggregate.parse("mean").of(ONE_HIGH)).isCloseTo(0.1, within(1e-12));
    assertThat(TokenAggregate.parse("last").of(ONE_HIGH)).isZero();
    assertThat(TokenAggregate.parse("ema").of(ONE_HIGH)).isCloseTo(1, within(1e-12));
    assertThat(TokenAggregate.parse("p95").of(ONE_HIGH)).isZero();
  }

  @Test
  void theNinetyFifthPercentileIsReachedByFiveOfAHundred() {
    double[] scores = IntStream.range(0, 100).mapToDouble(i -> i).toArray();
    assertThat(TokenAggregate.P95.of(scores)).isEqualTo(94);
    assertThat(TokenAggregate.P95.of(new double[] {3})).isEqualTo(3);
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> TokenAggregate.parse("median"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("p95");
  }
}
