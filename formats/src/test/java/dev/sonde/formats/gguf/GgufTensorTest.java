package dev.sonde.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufTensorTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      names = {
        "F32", "F16", "BF16", "F64", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K",
        "MXFP4", "Q2_K", "Q3_K", "IQ4_NL", "IQ4_XS", "IQ3_XXS", "IQ3_S", "IQ2_XXS", "IQ2_XS",
        "IQ2_S", "IQ1_S", "IQ1_M", "TQ1_0", "TQ2_0"
      })
  void everyTypeIsDecodedToTheLastBitAsByGgufPy(GgufType type) {
    float[] expected = Fixtures.floats(Fixtures.expected("types").get(type.name()));

    float[] decoded = Fixtures.floats(Fixtures.open("types").tensor(type.name()));

    assertThat(decoded).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "Q4_0", "Q6_K", "MXFP4", "Q3_K", "IQ2_XS", "TQ1_0"})
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
  void aTensorMayHaveMoreThanTwoToTheThirtyTwoNumbers() throws IOException {
    long rows = (1L << 32) / 4096 + 1;
    byte[] header =
        GgufBytes.header(1, 0)
            .text("big")
            .u32(2)
            .u64(4096)
            .u64(rows)
            .u32(2)
            .u64(0)
            .padTo(32)
            .toArray();
    Path file = folder.resolve("big.gguf");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(header));
      // A block whose scale is 1 and whose numbers are 7; all before it are a hole in the file.
      byte[] last = new byte[GgufType.Q4_0.blockBytes()];
      Arrays.fill(last, (byte) 0xff);
      last[0] = 0;
      last[1] = 0x3c;
      long end = header.length + rows * 4096 / GgufType.Q4_0.blockElements() * last.length;
      channel.write(ByteBuffer.wrap(last), end - last.length);
    }
    try (Arena arena = Arena.ofConfined()) {
      GgufTensor tensor = GgufFile.open(file, arena).tensor("big");
      assertThat(tensor.count()).isGreaterThan(1L << 32);
      assertThat(Fixtures.floats(tensor, tensor.count() - 34, 34))
          .startsWith(-0f, -0f, 7)
          .endsWith(7, 7);
    }
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
    GgufTensor tensor = Fixtures.open("types").tensor("Q8_K");
    assertThatThrownBy(() -> Fixtures.floats(tensor))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("tensor 'Q8_K' is stored as Q8_K, which is not read")
        .hasMessageContaining("Q2_K, Q3_K, Q4_K, Q5_K, Q6_K");
  }
}
