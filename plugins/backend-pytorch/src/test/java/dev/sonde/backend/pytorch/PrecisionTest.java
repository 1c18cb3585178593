package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrecisionTest {
  @Test
  void autoTakesBfloat16WhereItWasMeasuredWorthwhile() {
    Precision worth = Precision.of("auto", 1.2);
    assertThat(worth.dtype()).isEqualTo("bfloat16");
    assertThat(worth.note().orElseThrow())
        .startsWith("dtype auto is bfloat16: linears in bfloat16 run 1.20 times as fast");

    Precision slight = Precision.of("auto", 1.19);
    assertThat(slight.dtype()).isEqualTo("float32");
    assertThat(slight.note().orElseThrow()).startsWith("dtype auto is float32: ");
  }

  @Test
  void bfloat16ThatWasMeasuredSlowerIsTakenWithAWarning() {
    Precision slow = Precision.of("bfloat16", 0.002);
    assertThat(slow.dtype()).isEqualTo("bfloat16");
    assertThat(slow.note().orElseThrow()).contains("0.00200 times as fast");
    assertThat(Precision.of("bfloat16", 1.1).note()).isEmpty();
  }
}
