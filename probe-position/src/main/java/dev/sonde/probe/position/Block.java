package dev.sonde.probe.position;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Attention;
import java.util.stream.IntStream;

/**
 * What all heads of a block and all texts share.
 *
 * @param cells the cells that are looked at
 * @param fit least squares on them
 * @param planes the rotary planes
 * @param turns how far they have turned at each token
 * @param slow per plane, whether it hardly turns within the window
 * @param scale factor on logits
 * @param cap soft cap; 0 is none
 * @param turning whether queries and keys turn at all: without, there is no w(d, q, k), and E3, E4
 *     and the bound do not exist
 * @param dummy E3
 * @param features E4
 */
record Block(
    Cells cells,
    AxisFit fit,
    Planes planes,
    Turns turns,
    boolean[] slow,
    double scale,
    double cap,
    boolean turning,
    Additive dummy,
    Additive features) {

  static Block of(
      Attention attention, int headWidth, Cells cells, AxisFit fit, int window, double slowAngle) {
    Planes planes = Planes.of(attention, headWidth);
    Turns turns = new Turns(planes, cells.size());
    boolean[] slow = new boolean[planes.count()];
    for (int plane = 0; plane < slow.length; plane++) {
      slow[plane] = planes.isSlow(plane, window, slowAngle);
    }
    return new Block(
        cells,
        fit,
        planes,
        turns,
        slow,
        attention.scale(),
        attention.softCap(),
        attention.rotary().isPresent(),
        Additive.dummyDistance(planes, turns, cells.distances()),
        Additive.features(planes, slow));
  }

  /** The logits of a head, packed. */
  double[] logits(LinearAlgebra algebra, PlaneRows q, PlaneRows k) {
    return cells.pack(Logits.all(algebra, turns, scale, q, k));
  }

  /** E3 or E4 of a head, packed; the content of key j that of key {@code order[j]}. */
  double[] additive(LinearAlgebra algebra, Additive form, PlaneRows q, PlaneRows k, int[] order) {
    Matrix all = form.all(algebra, turns, scale, cells.distances(), q, k, order);
    return cells.pack(all);
  }

  /** 0, 1, 2, …: no key's content moved. */
  int[] inOrder() {
    return IntStream.range(0, cells.size()).toArray();
  }
}
