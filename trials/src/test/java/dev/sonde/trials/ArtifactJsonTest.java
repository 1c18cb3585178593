package dev.sonde.trials;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArtifactJsonTest {
  @Test
  void textsInJsonAreEscaped() {
    assertThat(ArtifactJson.text("a\"b\\c\n\u0001")).isEqualTo("\"a\\\"b\\\\c\\n\\u0001\"");
    assertThat(ArtifactJson.number(Double.NaN)).isEqualTo("null");
  }
}
