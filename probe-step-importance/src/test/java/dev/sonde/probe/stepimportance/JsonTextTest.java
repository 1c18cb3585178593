package dev.sonde.probe.stepimportance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTextTest {
  @Test
  void textsInJsonAreEscaped() {
    assertThat(JsonText.text("a\"b\\c\n\u0001")).isEqualTo("\"a\\\"b\\\\c\\n\\u0001\"");
    assertThat(JsonText.number(Double.NaN)).isEqualTo("null");
  }
}
