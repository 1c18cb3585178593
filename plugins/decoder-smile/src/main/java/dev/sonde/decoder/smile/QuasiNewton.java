package dev.sonde.decoder.smile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Logistic regression with an L2 penalty, {@code min Σ log(1 + e^(−s f)) + λ/2 ‖w‖²} with {@code f
 * = x·w + b} and b free, by a quasi-Newton method with limited memory (Liu and Nocedal 1989). The
 * products of a step are in float32 (see {@link FitSpace}); how far it goes is found by Newton's
 * method on the line, for which no product is needed. Everything else is float64.
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

  /** A place on the line is taken where the slope is this share of the first. */
  private static final double LEVEL = 0.1;

  private final FitSpace space;
  private final boolean[] positive;
  private final double lambda;
  private final Deque<Change> changes = new ArrayDeque<>();

  /**
   * A problem.
   *
   * @param space of the standardised rows
   * @param positive one per row, of both kinds
   * @param lambda the penalty, above 0
   */
  QuasiNewton(FitSpace space, boolean[] positive, double lambda) {
    this.space = space;
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

  /** Where the fit stands. */
  private record Place(double[] vector, LogisticLoss loss, double penalised) {}

  /** Solves it. */
  Fit fit() {
    double[] start = new double[space.size()];
    start[start.length - 1] = startingIntercept();
    Place place = place(start, LogisticLoss.of(space.scores(start), positive));
    double[] gradient = gradient(place);
    double first = norm(gradient);
    int still = 0;
    for (int step = 0; step < MOST_STEPS; step++) {
      if (norm(gradient) <= TOLERANCE * Math.max(first, 1) || still == PATIENCE) {
        return fit(place.vector(), true);
      }
      double[] direction = direction(gradient);
      Place next = lowest(place, direction, space.dot(gradient, direction));
      double[] before = gradient;
      gradient = gradient(next);
      remember(place, next, gradient, before);
      still =
          place.penalised() - next.penalised() <= STANDSTILL * place.penalised() ? still + 1 : 0;
      place = next;
    }
    return fit(place.vector(), false);
  }

  private Fit fit(double[] vector, boolean converged) {
    return new Fit(space.weights(vector), intercept(vector), converged);
  }

  private static double intercept(double[] vector) {
    return vector[vector.length - 1];
  }

  private double startingIntercept() {
    double positives = 0;
    for (boolean each : positive) {
      positives += each ? 1 : 0;
    }
    return Math.log(positives / (positive.length - positives));
  }

  private Place place(double[] vector, LogisticLoss loss) {
    return new Place(vector, loss, loss.sum() + lambda / 2 * ofWeights(vector, vector));
  }

  /** The inner product of the weights alone. */
  private double ofWeights(double[] a, double[] b) {
    return space.dot(a, b) - intercept(a) * intercept(b);
  }

  private double[] gradient(Place place) {
    return space.gradient(place.vector(), place.loss().residuals(), lambda);
  }

  /** Minus the gradient, multiplied by what is known of the inverse curvature (two loops). */
  private double[] direction(double[] gradient) {
    double[] direction = gradient.clone();
    double[] shares = new double[changes.size()];
    int at = 0;
    for (Change change : changes) { // the latest first
      shares[at] = space.dot(change.step(), direction) / change.curvature();
      Vectors.add(-shares[at], change.gradient(), direction);
      at++;
    }
    double scale =
        changes.isEmpty()
            ? 1 / (lambda + positive.length / 4.0)
            : changes.getFirst().curvature()
                / space.dot(changes.getFirst().gradient(), changes.getFirst().gradient());
    for (int i = 0; i < direction.length; i++) {
      direction[i] *= scale;
    }
    for (Iterator<Change> oldest = changes.descendingIterator(); oldest.hasNext(); ) {
      Change change = oldest.next();
      at--;
      Vectors.add(
          shares[at] - space.dot(change.gradient(), direction) / change.curvature(),
          change.step(),
          direction);
    }
    for (int i = 0; i < direction.length; i++) {
      direction[i] = -direction[i];
    }
    return direction;
  }

  private void remember(Place from, Place to, double[] gradient, double[] before) {
    double[] taken = to.vector().clone();
    Vectors.add(-1, from.vector(), taken);
    double[] changed = gradient.clone();
    Vectors.add(-1, before, changed);
    double curvature = space.dot(taken, changed);
    if (curvature > 0) {
      changes.addFirst(new Change(taken, changed, curvature));
      if (changes.size() > MEMORY) {
        changes.removeLast();
      }
    }
  }

  /**
   * Where along a direction the loss is nearly least; it is convex, so that is where it is nearly
   * level, and not above where it began.
   *
   * @param slope of the loss where it begins, below 0
   */
  private Place lowest(Place from, double[] direction, double slope) {
    double[] moved = space.scores(direction);
    double ofPenalty = ofWeights(from.vector(), direction);
    double squares = ofWeights(direction, direction);
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double length = -slope / (lambda * squares + from.loss().curvature(moved));
    Place found = from;
    for (int step = 0; step < LINE_STEPS; step++) {
      double[] vector = from.vector().clone();
      Vectors.add(length, direction, vector);
      found = place(vector, from.loss().moved(length, moved, positive));
      double there =
          lambda * (ofPenalty + length * squares) + Vectors.dot(found.loss().residuals(), moved);
      if (Math.abs(there) <= LEVEL * Math.abs(slope) && found.penalised() <= from.penalised()) {
        break;
      }
      if (there < 0) {
        low = length;
      } else {
        high = length;
      }
      double next = length - there / (lambda * squares + found.loss().curvature(moved));
      length =
          next > low && next < high
              ? next
              : high < Double.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low + 1;
    }
    return found;
  }

  private double norm(double[] vector) {
    return Math.sqrt(space.dot(vector, vector));
  }
}
