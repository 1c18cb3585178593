package dev.sonde.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.FormatException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufTensorTest {
  @ParameterizedTest
  @EnumSource(
      names = {
        "F32", "F16", "BF16", "F64", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K",
        "MXFP4"
      })
  void everyTypeIsDecodedToTheLastBitAsByGgufPy(GgufType type) {
    float[] expected = Fixtures.floats(Fixtures.expected("types").get(type.name()));

    float[] decoded = Fixtures.floats(Fixtures.open("types").tensor(type.name()));

    assertThat(decoded).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "Q4_0", "Q6_K", "MXFP4"})
  void anyRangeIsTheSameAsThatPartOfTheWhole(GgufType type) {
    GgufTensor tensor = Fixtures.open("types").tensor(type.name());
    float[] whole = Fixtures.floats(tensor);

    for (int from = 0; from < whole.length; from += 13) {
      for (int count : new int[] {0, 1, 31, 64, 300}) {
        int copied = Math.min(count, whole.length - from);
        assertThat(Fixtures.floats(tensor, from, copied))
            .isEqualTo(Arrays.copyOfRange(whole, from, from + copied));
      }
    }
  }

  @Test
  void aRangeBeyondTheTensorIsRefused() {
    GgufTensor tensor = Fixtures.open("types").tensor("Q4_0");
    int count = (int) tensor.count();
    assertThatThrownBy(() -> Fixtures.floats(tensor, count - 1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void float32NumbersNeedNoCopy() {
    GgufFile file = Fixtures.open("types");
    assertThat(file.tensor("F32").float32()).isPresent();
    assertThat(file.tensor("F16").float32()).isEmpty();
  }

  @Test
  void integersAreNoFloats() {
    GgufTensor tensor = Fixtures.open("types").tensor("I32");
    assertThatThrownBy(() -> Fixtures.floats(tensor))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("I32 holds integers (I32)");
  }

  @Test
  void aTypeThatIsNotReadIsNamedWithItsTensorWhenItIsUsed() {
    GgufTensor tensor = Fixtures.open("types").tensor("IQ4_NL");
    assertThatThrownBy(() -> Fixtures.floats(tensor))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("tensor 'IQ4_NL' is stored as IQ4_NL, which is not read")
        .hasMessageContaining("Q4_K, Q5_K, Q6_K");
  }
}
