package dev.sonde.probe.linear;

import java.util.ArrayList;
import java.util.List;

/** Points of two classes in a plane, and the line of the linear discriminant between them. */
final class PlaneClasses {
  private final List<double[]> positive = new ArrayList<>();
  private final List<double[]> negative = new ArrayList<>();

  void add(double[] point, boolean isPositive) {
    (isPositive ? positive : negative).add(point);
  }

  /** The mean of a class. */
  double[] mean(boolean ofPositive) {
    List<double[]> points = ofPositive ? positive : negative;
    double[] mean = new double[2];
    for (double[] point : points) {
      mean[0] += point[0] / points.size();
      mean[1] += point[1] / points.size();
    }
    return mean;
  }

  /**
   * Where {@code w · x = w · middle} with {@code w = S⁻¹δ} enters and leaves a rectangle; empty
   * where it does not cross it.
   */
  List<double[]> boundary(double[] rangeX, double[] rangeY) {
    double[] high = mean(true);
    double[] low = mean(false);
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (List<double[]> points : List.of(positive, negative)) {
      double[] mean = points == positive ? high : low;
      for (double[] p : points) {
        xx += (p[0] - mean[0]) * (p[0] - mean[0]);
        xy += (p[0] - mean[0]) * (p[1] - mean[1]);
        yy += (p[1] - mean[1]) * (p[1] - mean[1]);
      }
    }
    double[] apart = Directions.minus(high, low);
    double[] along = {xy * apart[0] - xx * apart[1], yy * apart[0] - xy * apart[1]};
    double[] middle = {(high[0] + low[0]) / 2, (high[1] + low[1]) / 2};
    double from = Double.NEGATIVE_INFINITY;
    double to = Double.POSITIVE_INFINITY;
    double[][] ranges = {rangeX, rangeY};
    for (int axis = 0; axis < 2; axis++) {
      double first = (ranges[axis][0] - middle[axis]) / along[axis];
      double second = (ranges[axis][1] - middle[axis]) / along[axis];
      from = Math.max(from, Math.min(first, second));
      to = Math.min(to, Math.max(first, second));
    }
    if (!(from < to) || Double.isInfinite(from) || Double.isInfinite(to)) {
      return List.of();
    }
    return List.of(at(middle, along, from), at(middle, along, to));
  }

  private static double[] at(double[] start, double[] along, double t) {
    return new double[] {start[0] + t * along[0], start[1] + t * along[1]};
  }
}
