package dev.sonde.probe.position.perturb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Groups;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

public class RecoveryTest {
  /** Texts of ten tokens, each name with what its substitution costs them, in nats. */
  public static Recovery of(Map<String, double[]> nats) {
    Map<String, List<Losses.Change>> changes = new LinkedHashMap<>();
    nats.forEach(
        (name, costs) ->
            changes.put(
                name,
                DoubleStream.of(costs).mapToObj(cost -> new Losses.Change(cost, 10)).toList()));
    return new Recovery(
        changes, texts -> new ClusterBootstrap(Groups.ofSingleRows(texts), 200, new Random(3)));
  }

  private final Recovery recovery =
      of(
          Map.of(
              "e3", new double[] {1, 2, 3, 2, 2},
              "f", new double[] {9, 11, 10, 9, 9.75},
              "uniform", new double[] {10, 11, 10, 9, 10}));

  @Test
  void uniformAttentionRecoversNothingAndTheModelsOwnAll() {
    assertThat(recovery.share("uniform").value()).isZero();
    assertThat(recovery.share("e3").value()).isCloseTo(0.8, within(1e-12));
    assertThat(recovery.share("f").value()).isCloseTo(1.25 / 50, within(1e-12));
    assertThat(recovery.cost().value()).isCloseTo(1, within(1e-12));
  }

  @Test
  void theIntervalDrawsTextsAndTheMarginIsPaired() {
    assertThat(recovery.share("e3").interval().exists()).isTrue();
    assertThat(recovery.share("e3").low()).isLessThan(0.8);
    assertThat(recovery.margin("e3", "f").value()).isCloseTo(0.8 - 1.25 / 50, within(1e-12));
    assertThat(recovery.margin("e3", "e3").low()).isZero();
    assertThat(recovery.margin("e3", "e3").high()).isZero();
  }
}
