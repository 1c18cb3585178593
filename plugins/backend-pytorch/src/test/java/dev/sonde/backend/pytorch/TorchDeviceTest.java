package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchDeviceTest {
  @Test
  void namesAreThoseOfPyTorch() {
    assertThat(TorchDevice.parse("cpu")).contains(TorchDevice.CPU);
    assertThat(TorchDevice.parse("cuda")).contains(new TorchDevice("cuda", 0));
    assertThat(TorchDevice.parse("cuda:3").orElseThrow().device()).isEqualTo(Device.gpu(3));
    assertThat(TorchDevice.parse("mps").orElseThrow().device().getDeviceType()).isEqualTo("mps");
    assertThat(TorchDevice.parse("mps:1")).isEmpty();
    assertThat(TorchDevice.parse("vulkan")).isEmpty();
  }

  @Test
  void whatAnotherDeviceComputesIsOfAnotherNumberType() {
    assertThat(TorchDevice.CPU.dtype("float32")).isEqualTo("float32");
    assertThat(new TorchDevice("cuda", 1).dtype("float32")).isEqualTo("float32 on cuda");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernels.torchscript", "mixers.torchscript"})
  void kernelsNameNoDevice(String file) throws IOException {
    try (InputStream kernels =
        Objects.requireNonNull(Torch.class.getResourceAsStream(file), file)) {
      assertThat(new String(kernels.readAllBytes(), StandardCharsets.UTF_8))
          .contains("ops.prim.device(")
          .doesNotContain("torch.device(");
    }
  }
}
