package dev.sonde.probe.linear;

import java.util.List;

/**
 * A vector to steer along, as long as the direction it is compared with, so that adding either
 * changes a state by the same.
 *
 * @param vector {@code [d_model]}
 * @param scaleMatch what factors are multiplied by in mode scale, so that states change by the same
 *     root mean square as along the direction it is compared with
 */
record Steer(float[] vector, double scaleMatch) {
  /** A direction itself. */
  static Steer along(double[] direction) {
    return new Steer(floats(direction), 1);
  }

  /**
   * Another direction that changes states as much as the first does, in either mode.
   *
   * @param states the states that will be changed
   */
  static Steer matched(double[] other, double[] direction, List<double[]> states) {
    double[] unit = Directions.unit(other);
    double length = Directions.norm(direction);
    double[] vector = new double[unit.length];
    for (int c = 0; c < vector.length; c++) {
      vector[c] = length * unit[c];
    }
    double along = rootMeanSquare(other, states);
    return new Steer(floats(vector), along == 0 ? 0 : rootMeanSquare(direction, states) / along);
  }

  /** The root mean square of {@code h · v̂} over states h. */
  static double rootMeanSquare(double[] v, List<double[]> states) {
    double[] unit = Directions.unit(v);
    double sum = 0;
    for (double[] h : states) {
      double projection = Directions.dot(h, unit);
      sum += projection * projection;
    }
    return Math.sqrt(sum / states.size());
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int c = 0; c < values.length; c++) {
      floats[c] = (float) values[c];
    }
    return floats;
  }
}
