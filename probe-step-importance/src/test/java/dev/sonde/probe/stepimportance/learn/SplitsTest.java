package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SplitsTest {
  @Test
  void aGroupStandsInOneFoldOnly() {
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      groups.add("g" + i % 13);
    }
    int[] folds = Splits.grouped(groups, 5, new Random(4));
    for (int i = 0; i < folds.length; i++) {
      assertThat(folds[i]).isEqualTo(folds[groups.indexOf(groups.get(i))]);
    }
    assertThat(Splits.count(folds)).isEqualTo(5);
  }
}
