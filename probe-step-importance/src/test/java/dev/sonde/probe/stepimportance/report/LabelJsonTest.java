package dev.sonde.probe.stepimportance.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabelJsonTest {
  @Test
  void textsInJsonAreEscaped() {
    assertThat(LabelJson.text("a\"b\\c\n\u0001")).isEqualTo("\"a\\\"b\\\\c\\n\\u0001\"");
    assertThat(LabelJson.number(Double.NaN)).isEqualTo("null");
  }
}
