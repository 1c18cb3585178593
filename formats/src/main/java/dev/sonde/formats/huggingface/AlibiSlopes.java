package dev.sonde.formats.huggingface;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** ALiBi's slopes (Press, Smith, Lewis 2022). */
final class AlibiSlopes {
  private AlibiSlopes() {}

  /** A geometric series; where heads are no power of two every other one of the next series. */
  static List<Float> of(int heads) {
    return of(heads, 8);
  }

  /**
   * The same with another least slope.
   *
   * @param most exponent of the last slope
   */
  static List<Float> of(int heads, double most) {
    int whole = Integer.highestOneBit(heads);
    List<Float> slopes = new ArrayList<>();
    IntStream.rangeClosed(1, whole)
        .forEach(i -> slopes.add((float) Math.pow(2, -most * i / whole)));
    IntStream.range(0, heads - whole)
        .forEach(i -> slopes.add((float) Math.pow(2, -most * (2 * i + 1) / (2 * whole))));
    return slopes;
  }
}
