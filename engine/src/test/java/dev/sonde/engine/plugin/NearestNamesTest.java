package dev.sonde.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
  private static final List<String> KNOWN = List.of("pytorch", "reference", "hook_resid_post");

  @Test
  void aTypingErrorIsAnsweredWithTheNearestName() {
    assertThat(NearestNames.hint("pytroch", KNOWN)).isEqualTo("did you mean pytorch?");
    assertThat(NearestNames.hint("resid_post", KNOWN)).isEqualTo("did you mean hook_resid_post?");
  }

  @Test
  void aNameThatIsFarFromAllIsAnsweredWithTheList() {
    assertThat(NearestNames.hint("onnx", KNOWN))
        .isEqualTo("there are: hook_resid_post, pytorch, reference");
    assertThat(NearestNames.hint("onnx", List.of())).isEqualTo("there are none");
  }

  @Test
  void namesFartherThanTheNearestAreNotOffered() {
    assertThat(NearestNames.near("modle", List.of("models", "model"))).containsExactly("model");
    assertThat(NearestNames.near("token", List.of("tokens", "steer_tokens")))
        .containsExactly("tokens");
  }

  @Test
  void distanceCountsLettersInAndOutAndChangedAndExchanged() {
    assertThat(NearestNames.distance("modle", "model")).isEqualTo(1);
    assertThat(NearestNames.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestNames.distance("", "abc")).isEqualTo(3);
    assertThat(NearestNames.distance("Same", "same")).isZero();
  }
}
