package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A place that a direction comes from, with what it is compared with there.
 *
 * @param direction the difference of class means over the rows for fitting
 * @param orthogonal the orthogonalised control
 */
record Source(HookPoint point, double[] direction, double[] orthogonal, NullDirections nulls) {
  private static final String RESIDUAL = "resid";

  /** A source with the size of its effect on the rows for the choice, less its control's. */
  private record Tried(Source source, double merit) {}

  /**
   * The candidates: points of the residual stream where there are any, in blocks and with a
   * direction that does not vanish.
   */
  static List<Source> candidates(
      Map<HookPoint, Matrix> captured,
      Targets targets,
      List<String> groups,
      int[] fit,
      LinearAlgebra algebra) {
    List<HookPoint> inBlocks =
        captured.keySet().stream().filter(point -> point.layer().isPresent()).toList();
    List<HookPoint> residual =
        inBlocks.stream().filter(point -> point.shortSite().startsWith(RESIDUAL)).toList();
    List<Source> sources = new ArrayList<>();
    for (HookPoint point : residual.isEmpty() ? inBlocks : residual) {
      Matrix rows = Objects.requireNonNull(captured.get(point));
      boolean[] fitted = new boolean[rows.rows()];
      for (int row : fit) {
        fitted[row] = true;
      }
      double[] direction = Directions.differenceOfMeans(rows, targets, row -> fitted[row]);
      NullDirections nulls = new NullDirections(rows, targets, groups, fit);
      Optional<double[]> orthogonal = nulls.orthogonalised(direction, algebra);
      if (Directions.norm(direction) > 0 && orthogonal.isPresent()) {
        sources.add(new Source(point, direction, orthogonal.get(), nulls));
      }
    }
    return sources;
  }

  /** The points that are changed: this one, or its like in every block. */
  List<HookPoint> points(boolean everyBlock, int blocks) {
    if (!everyBlock) {
      return List.of(point);
    }
    List<HookPoint> points = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      points.add(HookPoint.of(block, point.site()));
    }
    return points;
  }

  /**
   * The source whose direction does most beyond what the orthogonalised control of the same size
   * does.
   *
   * @param candidates at least one
   * @param trial rows that are not reported
   */
  static Source best(
      List<Source> candidates,
      SteeringTrial trial,
      SteerSettings settings,
      Targets targets,
      int blocks) {
    List<Dose> doses = settings.extremes();
    return candidates.stream()
        .map(
            source -> {
              List<Steer> both =
                  List.of(
                      Steer.along(source.direction()),
                      source.control(trial.states(source.point())));
              List<Effects> effects =
                  trial.steered(
                      both, doses, source.points(settings.everyBlock(), blocks), done -> {});
              return new Tried(
                  source,
                  effects.getFirst().statistic(targets) - effects.getLast().statistic(targets));
            })
        .max(Comparator.comparingDouble(Tried::merit))
        .orElseThrow()
        .source();
  }

  /** The orthogonalised control, as strong as the direction. */
  Steer control(List<double[]> states) {
    return Steer.matched(orthogonal, direction, states);
  }
}
