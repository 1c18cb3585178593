package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.Resources;
import dev.sonde.testkit.SettingsConfig;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final Resources MACHINE = Resources.of(Path.of("cache")).threads(16);

  private static Budget of(Map<String, Object> settings) {
    return Budget.of(new SettingsConfig(Budget.settings(), settings), MACHINE);
  }

  @Test
  void threadsAreThoseOfTheMachineUnlessTheRunSaysOtherwise() {
    assertThat(of(Map.of()).of(MACHINE).threads()).isEqualTo(16);
    assertThat(of(Map.of("threads", 3)).of(MACHINE).threads()).isEqualTo(3);
  }

  @Test
  void theDeviceIsTheMachinesUnlessThatIsTheProcessor() {
    SettingsConfig asked = new SettingsConfig(Budget.settings(), Map.of("device", "cuda:1"));
    assertThat(Budget.of(asked, MACHINE).device()).hasToString("cuda:1");
    assertThat(Budget.of(asked, MACHINE.device("mps")).device()).hasToString("mps");
    assertThat(of(Map.of()).device()).isEqualTo(TorchDevice.CPU);
  }

  @Test
  void aDeviceThatIsNoneIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> of(Map.of("device", "gpu")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("cpu, cuda:N or mps, not 'gpu'");
  }

  @Test
  void fewerThreadsThanNoneAreRefused() {
    assertThatThrownBy(() -> of(Map.of("threads", -1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("threads");
  }
}
