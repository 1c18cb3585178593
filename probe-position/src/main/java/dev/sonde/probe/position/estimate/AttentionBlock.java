package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Attention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.probe.position.read.CausalPairs;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.Planes;
import dev.sonde.probe.position.read.RotationTable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What all heads of a block and all texts share.
 *
 * @param pairs the query-key pairs that are looked at
 * @param planes the rotary planes
 * @param rotations how far they have turned at each token
 * @param slow per plane, whether it hardly turns within the window
 * @param scale factor on logits
 * @param cap soft cap; 0 is none
 * @param turning whether queries and keys turn at all: without, there is no w(d, q, k), and E3, E4
 *     and the bound do not exist
 * @param dummy E3
 * @param features E4
 */
public record AttentionBlock(
    CausalPairs pairs,
    Planes planes,
    RotationTable rotations,
    boolean[] slow,
    double scale,
    double cap,
    boolean turning,
    Additive dummy,
    Additive features) {

  /**
   * The blocks of a model.
   *
   * @param tokens of a text
   * @param first how many first tokens are left out
   * @param slowAngle radians over a text below which a plane is slow
   */
  public static List<AttentionBlock> all(ModelInfo info, int tokens, int first, double slowAngle) {
    return info.attention().stream()
        .map(
            attention -> {
              CausalPairs pairs = CausalPairs.of(tokens, first, attention.window());
              return of(attention, info.headWidth(), pairs, tokens, slowAngle);
            })
        .toList();
  }

  static AttentionBlock of(
      Attention attention, int headWidth, CausalPairs pairs, int window, double slowAngle) {
    Planes planes = Planes.of(attention, headWidth);
    RotationTable rotations = new RotationTable(planes, pairs.size());
    boolean[] slow = new boolean[planes.count()];
    for (int plane = 0; plane < slow.length; plane++) {
      slow[plane] = planes.isSlow(plane, window, slowAngle);
    }
    return new AttentionBlock(
        pairs,
        planes,
        rotations,
        slow,
        attention.scale(),
        attention.softCap(),
        attention.rotary().isPresent(),
        Additive.dummyDistance(planes, rotations, pairs.distances()),
        Additive.features(planes, slow));
  }

  /** The logits of a head, packed. */
  double[] logits(LinearAlgebra algebra, PlaneRows q, PlaneRows k) {
    return pairs.pack(Logits.all(algebra, rotations, scale, q, k));
  }

  /** E3 or E4 of a head, packed; the content of key j that of key {@code order[j]}. */
  public double[] additive(
      LinearAlgebra algebra, Additive form, PlaneRows q, PlaneRows k, int[] order) {
    Matrix all = form.all(algebra, rotations, scale, pairs.distances(), q, k, order);
    return pairs.pack(all);
  }

  /** E1 of a head, packed: least squares on its own logits. */
  public double[] additiveByAxes(LinearAlgebra algebra, AxisFits fits, PlaneRows q, PlaneRows k) {
    double[] logits = logits(algebra, q, k);
    AxisFit fit = fits.of(this);
    return fit.three(logits, fit.centred(logits)).fitted();
  }

  /** 0, 1, 2, …: no key's content moved. */
  int[] inOrder() {
    return IntStream.range(0, pairs.size()).toArray();
  }
}
