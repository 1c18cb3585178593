package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Directions that should not steer, made of the states that the real one was fitted on. */
final class NullDirections {
  /** Ten groups have 126 halvings; with fewer of them rows are exchanged one by one. */
  private static final int ENOUGH_GROUPS = 10;

  private final Matrix centred;
  private final List<?> units;

  /**
   * Takes the class means from the rows: what is left knows nothing of the labels. Without that an
   * exchanged labeling of classes that lie far apart gives the same direction again, only shorter,
   * and bringing it to the same length would undo the difference.
   *
   * @param rows {@code [examples, width]}
   * @param fit the examples that a direction is fitted on
   */
  NullDirections(Matrix rows, Targets targets, List<String> groups, int[] fit) {
    double[] all = mean(rows, fit);
    double[] positive = mean(rows, ofClass(targets, fit, true));
    double[] negative = mean(rows, ofClass(targets, fit, false));
    this.centred = Matrix.zeros(Matrix.Type.FLOAT64, fit.length, all.length);
    for (int i = 0; i < fit.length; i++) {
      double[] of = targets.positive(fit[i]) ? positive : negative;
      centred.setRow(i, Directions.minus(rows.row(fit[i]), of));
    }
    List<String> ofRows = IntStream.of(fit).mapToObj(groups::get).toList();
    this.units =
        ofRows.stream().distinct().count() < ENOUGH_GROUPS
            ? IntStream.range(0, fit.length).boxed().toList()
            : ofRows;
  }

  private static int[] ofClass(Targets targets, int[] rows, boolean positive) {
    return IntStream.of(rows).filter(row -> targets.positive(row) == positive).toArray();
  }

  private static double[] mean(Matrix rows, int[] which) {
    double[] mean = new double[rows.columns()];
    for (int row : which) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += rows.get(row, c) / which.length;
      }
    }
    return mean;
  }

  /**
   * A direction drawn from the covariance of rows of one class. One drawn from the sphere would
   * mostly lie where no state varies, and noise would beat it.
   */
  double[] random(RandomGenerator random) {
    double[] direction = new double[centred.columns()];
    for (int row = 0; row < centred.rows(); row++) {
      double weight = random.nextGaussian();
      double[] state = centred.row(row);
      for (int c = 0; c < direction.length; c++) {
        direction[c] += weight * state[c];
      }
    }
    return direction;
  }

  /** The difference of means between a half of the groups, drawn at random, and the other. */
  double[] exchanged(RandomGenerator random) {
    List<Object> order = new ArrayList<>(new LinkedHashSet<>(units));
    Collections.shuffle(order, random);
    Set<Object> half = new HashSet<>(order.subList(0, order.size() / 2));
    boolean[] positive = new boolean[units.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = half.contains(units.get(i));
    }
    return Directions.differenceOfMeans(centred, Targets.binary(positive), row -> true);
  }

  /**
   * The orthogonalised control: what rows of one class differ in most, with its part along the
   * direction taken out; empty where rows of one class do not differ.
   */
  Optional<double[]> orthogonalised(double[] direction, LinearAlgebra algebra) {
    PrincipalAxes axes = PrincipalAxes.of(centred, algebra);
    return axes.variances().length == 0
        ? Optional.empty()
        : Optional.of(Directions.without(axes.axis(0), direction));
  }
}
