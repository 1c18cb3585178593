package dev.sonde.probe.position.perturb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.Attention.Rotary;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.Frequencies;
import org.junit.jupiter.api.Test;

/**
 * Planes of a head of width 16 at base 10000, trained with 256 tokens, read at 8 times that. The
 * laws of Chen et al. 2023 (linear), of a larger base (NTK), and of Peng et al. 2023 (YaRN);
 * scripts/check-length.py holds them against transformers.
 */
class ContextExtensionTest {
  private static final int PLANES = 8;
  private static final int TRAINED = 256;
  private static final double FACTOR = 8;

  private static Frequencies of(ContextExtension extension) {
    float[] own = new float[PLANES];
    for (int plane = 0; plane < PLANES; plane++) {
      own[plane] = (float) Math.pow(10_000, -plane / (double) PLANES);
    }
    return extension.frequencies(new Rotary(own, false, 1, TRAINED), TRAINED, FACTOR);
  }

  @Test
  void interpolationSlowsEveryPlane() {
    assertThat(of(ContextExtension.LINEAR).perPlane()[0]).isCloseTo(1 / 8f, within(1e-7f));
    assertThat(of(ContextExtension.LINEAR).magnitude()).isEqualTo(1);
  }

  @Test
  void aLargerBaseSlowsTheSlowestPlaneByTheFactorAndTheFastestNotAtAll() {
    float[] scaled = of(ContextExtension.NTK).perPlane();
    assertThat(scaled[0]).isEqualTo(1);
    double slowest = Math.pow(10_000, -7 / 8.0);
    assertThat((double) scaled[PLANES - 1]).isCloseTo(slowest / FACTOR, within(1e-9));
  }

  @Test
  void yarnKeepsFastPlanesAndInterpolatesSlowOnes() {
    Frequencies yarn = of(ContextExtension.YARN);
    assertThat(yarn.perPlane()[0]).isEqualTo(1);
    assertThat((double) yarn.perPlane()[7]).isCloseTo(Math.pow(10, -3.5) / FACTOR, within(1e-9));
    assertThat(yarn.magnitude()).isCloseTo(1.2079441541679836, within(1e-12));
  }

  @Test
  void aFactorOfOneChangesNothing() {
    float[] own = of(ContextExtension.PLAIN).perPlane();
    for (ContextExtension each : ContextExtension.values()) {
      float[] same = each.frequencies(new Rotary(own, false, 1, TRAINED), TRAINED, 1).perPlane();
      assertThat(same).as(each.key()).containsExactly(own, within(1e-7f));
    }
  }

  /** At 8 windows: a quarter is 64, and (2048 − 64) / (256 − 64) is 10.3. */
  @Test
  void noDistanceThatIsSeenIsBeyondTheTrainedWindow() {
    int length = (int) (FACTOR * TRAINED);
    assertThat(ContextExtension.REROPE.distances(TRAINED, length)).isEqualTo(Distances.atMost(128));
    Distances grouped = ContextExtension.SELF_EXTEND.distances(TRAINED, length);
    assertThat(grouped).isEqualTo(Distances.grouped(64, 11));
    int farthest = (length - 1) / 11 + 64 - 64 / 11;
    assertThat(farthest).isLessThan(TRAINED);
    assertThat(ContextExtension.SELF_EXTEND.distances(TRAINED, TRAINED).group()).isEqualTo(1);
  }
}
