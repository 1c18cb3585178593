package dev.sonde.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PlaceTest {
  /** Two tokens of a node with seven numbers each, of which the last four are a head. */
  private static final float[] NODE = {0, 1, 2, 10, 11, 12, 13, 0, 1, 2, 20, 21, 22, 23};

  @Test
  void pairsOfRotaryPlanesComeBackAsHalves() {
    Place place = new Place("Qcur-0", 7, 3, 4, 4);
    assertThat(place.row(NODE, 0)).containsExactly(10, 12, 11, 13);
    assertThat(place.row(NODE, 1)).containsExactly(20, 22, 21, 23);
  }

  @Test
  void aRowThatIsPutBackStandsWhereItWas() {
    Place place = new Place("Qcur-0", 7, 3, 4, 4);
    float[] node = NODE.clone();
    place.put(place.row(NODE, 1), node, 1);
    assertThat(node).containsExactly(NODE);
    place.put(new float[] {1, 2, 3, 4}, node, 0);
    assertThat(node).startsWith(0, 1, 2, 1, 3, 2, 4);
  }

  @Test
  void aPointThatIsWiderThanItsNodeIsRefused() {
    assertThatThrownBy(() -> new Place("l_out-0", 4, 2, 3, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
