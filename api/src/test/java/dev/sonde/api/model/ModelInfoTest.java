package dev.sonde.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelInfoTest {
  private static final ModelInfo INFO =
      ModelInfo.of("llama", "0")
          .shape(2, 8)
          .widths(
              Map.of(
                  "mlp.hook_post",
                  24,
                  HookPoint.SCORES,
                  0,
                  "linear:mlp.down_proj.in",
                  24,
                  "linear:mlp.down_proj.out",
                  8));

  @Test
  void aPointHasTheAnnouncedWidthOfItsSite() {
    assertThat(INFO.width(HookPoint.of(1, "mlp.hook_post"))).isEqualTo(24);
    assertThat(INFO.width(HookPoint.parse("linear:model.layers.1.mlp.down_proj.in"))).isEqualTo(24);
    assertThat(INFO.width(HookPoint.of(0, HookPoint.SCORES))).isZero();
  }

  @Test
  void aSiteThatIsNotAnnouncedIsAsWideAsTheResidualStream() {
    assertThat(INFO.width(HookPoint.of(0, "hook_new"))).isEqualTo(8);
  }

  @Test
  void linearsHaveTheWidthsOfTheirInputAndOutput() {
    assertThat(INFO.linears()).containsExactly(new ModelInfo.Linear("mlp.down_proj", 24, 8));
  }
}
