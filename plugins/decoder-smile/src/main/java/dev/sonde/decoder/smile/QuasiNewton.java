package dev.sonde.decoder.smile;

import dev.sonde.api.evaluate.Design;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * Logistic regression with an L2 penalty, {@code min Σ log(1 + e^(−s f)) + λ/2 ‖w‖²} with {@code f
 * = x·w + b} and b free, by a quasi-Newton method with limited memory (Liu and Nocedal 1989). A
 * step multiplies the rows with one vector and its transpose with another, in float32; how far it
 * goes is found by Newton's method on the line, for which no product is needed. Everything else is
 * float64.
 */
final class QuasiNewton {
  private static final int MEMORY = 12;
  private static final int MOST_STEPS = 500;

  /** Ends where the gradient is this share of the first. */
  private static final double TOLERANCE = 1e-6;

  /** Or where the loss falls by less than this share, as often as {@link #PATIENCE} says. */
  private static final double STANDSTILL = 1e-10;

  private static final int PATIENCE = 3;
  private static final int LINE_STEPS = 20;

  private final Design rows;
  private final boolean[] positive;
  private final double lambda;
  private final Deque<Change> changes = new ArrayDeque<>();

  /**
   * A problem.
   *
   * @param rows standardised
   * @param positive one per row, of both kinds
   * @param lambda the penalty, above 0
   */
  QuasiNewton(Design rows, boolean[] positive, double lambda) {
    this.rows = rows;
    this.positive = positive;
    this.lambda = lambda;
  }

  /**
   * What was found.
   *
   * @param converged whether the loss was at its least before the steps were used up
   */
  record Fit(double[] weights, double intercept, boolean converged) {}

  /** A step and what it changed of the gradient; the intercept is the last number. */
  private record Change(double[] step, double[] gradient, double curvature) {}

  /** Solves it. */
  Fit fit() {
    int width = rows.columns();
    double[] parameters = new double[width + 1];
    parameters[width] = startingIntercept();
    double[] along = new double[positive.length];
    Arrays.fill(along, parameters[width]);
    double[] gradient = gradient(along, parameters);
    double first = norm(gradient);
    double loss = loss(along, parameters);
    int still = 0;
    for (int step = 0; step < MOST_STEPS; step++) {
      if (norm(gradient) <= TOLERANCE * Math.max(first, 1) || still == PATIENCE) {
        return fit(parameters, true);
      }
      double[] direction = direction(gradient);
      double[] moved = times(direction);
      double length = length(along, moved, parameters, direction);
      for (int row = 0; row < along.length; row++) {
        along[row] += length * moved[row];
      }
      double[] taken = new double[width + 1];
      for (int i = 0; i <= width; i++) {
        taken[i] = length * direction[i];
        parameters[i] += taken[i];
      }
      double[] before = gradient;
      gradient = gradient(along, parameters);
      remember(taken, gradient, before);
      double reached = loss(along, parameters);
      still = loss - reached <= STANDSTILL * loss ? still + 1 : 0;
      loss = reached;
    }
    return fit(parameters, false);
  }

  private Fit fit(double[] parameters, boolean converged) {
    int width = parameters.length - 1;
    return new Fit(Arrays.copyOf(parameters, width), parameters[width], converged);
  }

  private double startingIntercept() {
    double positives = 0;
    for (boolean each : positive) {
      positives += each ? 1 : 0;
    }
    return Math.log(positives / (positive.length - positives));
  }

  private double loss(double[] along, double[] parameters) {
    double loss = 0;
    for (int row = 0; row < along.length; row++) {
      double signed = positive[row] ? along[row] : -along[row];
      loss += Math.max(0, -signed) + Math.log1p(Math.exp(-Math.abs(signed)));
    }
    double squares = 0;
    for (int c = 0; c + 1 < parameters.length; c++) {
      squares += parameters[c] * parameters[c];
    }
    return loss + lambda / 2 * squares;
  }

  private static double probability(double f) {
    return 1 / (1 + Math.exp(-f));
  }

  private double[] gradient(double[] along, double[] parameters) {
    int width = parameters.length - 1;
    Matrix residuals = Matrix.zeros(Matrix.Type.FLOAT32, along.length, 1);
    double[] gradient = new double[width + 1];
    for (int row = 0; row < along.length; row++) {
      double residual = probability(along[row]) - (positive[row] ? 1 : 0);
      residuals.set(row, 0, residual);
      gradient[width] += residual;
    }
    Matrix product = rows.transposeTimes(residuals);
    for (int c = 0; c < width; c++) {
      gradient[c] = product.get(c, 0) + lambda * parameters[c];
    }
    return gradient;
  }

  private double[] times(double[] direction) {
    int width = direction.length - 1;
    Matrix column = Matrix.zeros(Matrix.Type.FLOAT32, width, 1);
    for (int c = 0; c < width; c++) {
      column.set(c, 0, direction[c]);
    }
    double[] moved = rows.times(column).column(0);
    for (int row = 0; row < moved.length; row++) {
      moved[row] += direction[width];
    }
    return moved;
  }

  /** Minus the gradient, multiplied by what is known of the inverse curvature (two loops). */
  private double[] direction(double[] gradient) {
    double[] direction = gradient.clone();
    double[] shares = new double[changes.size()];
    int at = 0;
    for (Change change : changes) { // the latest first
      shares[at] = dot(change.step(), direction) / change.curvature();
      add(-shares[at], change.gradient(), direction);
      at++;
    }
    double scale =
        changes.isEmpty()
            ? 1 / (lambda + positive.length / 4.0)
            : changes.getFirst().curvature()
                / dot(changes.getFirst().gradient(), changes.getFirst().gradient());
    for (int i = 0; i < direction.length; i++) {
      direction[i] *= scale;
    }
    for (Iterator<Change> oldest = changes.descendingIterator(); oldest.hasNext(); ) {
      Change change = oldest.next();
      at--;
      add(
          shares[at] - dot(change.gradient(), direction) / change.curvature(),
          change.step(),
          direction);
    }
    for (int i = 0; i < direction.length; i++) {
      direction[i] = -direction[i];
    }
    return direction;
  }

  private void remember(double[] taken, double[] gradient, double[] before) {
    double[] changed = gradient.clone();
    add(-1, before, changed);
    double curvature = dot(taken, changed);
    if (curvature > 0) {
      changes.addFirst(new Change(taken, changed, curvature));
      if (changes.size() > MEMORY) {
        changes.removeLast();
      }
    }
  }

  /**
   * How far along a direction the loss is least; the loss is convex, so it is where it is level.
   */
  private double length(double[] along, double[] moved, double[] parameters, double[] direction) {
    int width = parameters.length - 1;
    double ofPenalty = 0;
    double squares = 0;
    for (int c = 0; c < width; c++) {
      ofPenalty += parameters[c] * direction[c];
      squares += direction[c] * direction[c];
    }
    double length = 0;
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double start = 0;
    for (int step = 0; step < LINE_STEPS; step++) {
      double slope = lambda * (ofPenalty + length * squares);
      double curvature = lambda * squares;
      for (int row = 0; row < along.length; row++) {
        double p = probability(along[row] + length * moved[row]);
        slope += (p - (positive[row] ? 1 : 0)) * moved[row];
        curvature += p * (1 - p) * moved[row] * moved[row];
      }
      start = step == 0 ? Math.abs(slope) : start;
      if (Math.abs(slope) <= 1e-3 * start && step > 0) {
        break;
      }
      if (slope < 0) {
        low = length;
      } else {
        high = length;
      }
      double next = length - slope / curvature;
      length =
          next > low && next < high
              ? next
              : high < Double.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low + 1;
    }
    return length;
  }

  private static void add(double factor, double[] vector, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * vector[i];
    }
  }

  private static double norm(double[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
