package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignFlipsTest {
  @Test
  void exchangedSignsTellABetterClassifierFromAnEqualOne() {
    List<String> groups = new ArrayList<>();
    boolean[] good = new boolean[60];
    boolean[] poor = new boolean[60];
    for (int i = 0; i < 60; i++) {
      groups.add("g" + i / 3);
      good[i] = i % 10 != 0;
      poor[i] = i % 2 == 0;
    }
    SignFlips test = new SignFlips(groups, 999);
    assertThat(test.p(good, poor, new Random(5))).isLessThan(0.01);
    assertThat(test.p(good, good, new Random(5))).isEqualTo(1);
  }

  @Test
  void holmCorrectsFromTheSmallestOn() {
    assertThat(SignFlips.holm(0.04, 0.01, 0.03)).containsExactly(0.06, 0.03, 0.06);
  }
}
