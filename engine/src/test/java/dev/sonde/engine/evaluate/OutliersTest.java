package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.engine.evaluate.control.Outliers;
import dev.sonde.engine.evaluate.control.Outliers.Massive;
import dev.sonde.engine.evaluate.control.Outliers.Wild;
import org.junit.jupiter.api.Test;

class OutliersTest {
  private static Outliers.Result found(Planted planted) {
    return planted.evaluated().found(Outliers.Result.class).orElseThrow();
  }

  @Test
  void harmlessRowsHaveNone() {
    Outliers.Result found = found(new Planted(120, 2));
    assertThat(found.dimensions()).isEmpty();
    assertThat(found.rows()).isEmpty();
    assertThat(found.notes()).isEmpty();
  }

  @Test
  void aMassiveDimensionIsNamedWithItsSize() {
    Outliers.Result found = found(new Planted(120, 2).shift(500, row -> true));
    assertThat(found.dimensions()).extracting(Massive::index).containsExactly(2);
    assertThat(found.dimensions().getFirst().times()).isBetween(300.0, 800.0);
    assertThat(found.notes().getFirst())
        .startsWith("dimension 2 is")
        .contains("at 1 of 2 hook points");
  }

  @Test
  void aWildRowIsNamed() {
    Outliers.Result found = found(new Planted(120, 2).shift(500, row -> row == 7));
    assertThat(found.rows()).extracting(Wild::id).containsExactly("r7");
    assertThat(found.dimensions()).isEmpty();
  }
}
