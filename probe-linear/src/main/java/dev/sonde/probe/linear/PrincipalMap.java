package dev.sonde.probe.linear;

import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Analysis A: rows on the plane of two principal components. Components, boundary and class means
 * come from training rows; what is drawn was held out, and further data sets go through the same
 * plane.
 */
final class PrincipalMap {
  /** Rows drawn of each set, as in the paper. */
  private static final int MOST_POINTS = 400;

  private static final String SPEC =
      """
      {
        "width": "container", "height": 360,
        CONFIG,
        "layer": [
          {
            "data": {"name": "points"},
            "mark": {"type": "point", "filled": true, "size": 45, "opacity": 0.7},
            "encoding": {
              "x": {"field": "first", "type": "quantitative", "title": "component 1 (FIRST of variance)",
                    "scale": {"zero": false}},
              "y": {"field": "second", "type": "quantitative",
                    "title": "component 2 (SECOND of variance)", "scale": {"zero": false}},
              "color": {"field": "series", "type": "nominal"},
              "shape": {"field": "series", "type": "nominal"},
              "tooltip": [{"field": "series"}, {"field": "id"}]
            }
          },
          {
            "data": {"name": "lines"},
            "transform": [{"filter": "datum.line == 'boundary'"}],
            "mark": {"type": "line", "strokeDash": [6, 4], "stroke": "#888888"},
            "encoding": {
              "x": {"field": "first", "type": "quantitative"},
              "y": {"field": "second", "type": "quantitative"}
            }
          },
          {
            "data": {"name": "lines"},
            "transform": [{"filter": "datum.line == 'means'"}],
            "mark": {"type": "line", "stroke": "#888888", "strokeWidth": 2,
                     "point": {"shape": "cross", "fill": "#888888", "size": 120}},
            "encoding": {
              "x": {"field": "first", "type": "quantitative"},
              "y": {"field": "second", "type": "quantitative"}
            }
          }
        ]
      }
      """;

  private final PrincipalAxes axes;

  private PrincipalMap(PrincipalAxes axes) {
    this.axes = axes;
  }

  /** The map at a hook point; empty where the training rows span no plane. */
  static Optional<Figure> figure(
      ProbeContext context, CaptureRequest features, HookPoint point, int[] folds) {
    Matrix rows = Objects.requireNonNull(context.capture(features).get(point));
    Targets targets = context.study().targets().orElseThrow().classes();
    int[] train = IntStream.range(0, folds.length).filter(row -> folds[row] != 0).toArray();
    PrincipalAxes axes = PrincipalAxes.of(rows.select(train), context.linearAlgebra());
    if (axes.variances().length < 2) {
      return Optional.empty();
    }
    PrincipalMap map = new PrincipalMap(axes);
    List<List<Object>> points = new ArrayList<>();
    map.addPoints(points, context.study(), rows, "", row -> folds[row] == 0);
    for (String set : context.sets()) {
      Matrix others = Objects.requireNonNull(context.capture(features.onSet(set)).get(point));
      map.addPoints(points, context.study(set), others, set + ": ", row -> true);
    }
    double total =
        IntStream.range(0, axes.variances().length).mapToDouble(i -> axes.variances()[i]).sum();
    return Optional.of(
        Figure.of(
            "map",
            "Rows on two principal components",
            "Held-out rows at %s. The components, the dashed boundary (linear discriminant) and the"
                    .formatted(point)
                + " grey line from the mean of '%s' to the mean of '%s' come from the other folds."
                    .formatted(targets.negativeName(), targets.positiveName()),
            SPEC.replace("CONFIG", FigureColours.CONFIG)
                .replace("FIRST", percent(axes.variances()[0] / total))
                .replace("SECOND", percent(axes.variances()[1] / total)),
            List.of(
                Table.of(
                    "points", "held-out rows", List.of("series", "id", "first", "second"), points),
                Table.of(
                    "lines",
                    "boundary and means",
                    List.of("line", "first", "second"),
                    map.lines(rows, train, targets, points)))));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private void addPoints(
      List<List<Object>> points, Study study, Matrix rows, String prefix, IntPredicate drawn) {
    Optional<Targets> targets = study.targets().map(Targets::classes);
    IntStream.range(0, rows.rows())
        .filter(drawn)
        .limit(MOST_POINTS)
        .forEach(
            row -> {
              String label =
                  targets
                      .map(t -> t.positive(row) ? t.positiveName() : t.negativeName())
                      .orElse("unlabelled");
              double[] at = project(rows.row(row));
              points.add(List.of(prefix + label, study.examples().get(row).id(), at[0], at[1]));
            });
  }

  /** Both coordinates of a row. */
  private double[] project(double[] row) {
    double[] apart = Directions.minus(row, axes.mean());
    return new double[] {Directions.dot(apart, axes.axis(0)), Directions.dot(apart, axes.axis(1))};
  }

  private List<List<Object>> lines(
      Matrix rows, int[] train, Targets targets, List<List<Object>> points) {
    PlaneClasses classes = new PlaneClasses();
    for (int row : train) {
      classes.add(project(rows.row(row)), targets.positive(row));
    }
    List<List<Object>> lines = new ArrayList<>();
    for (boolean positive : new boolean[] {false, true}) {
      double[] mean = classes.mean(positive);
      lines.add(List.of("means", mean[0], mean[1]));
    }
    for (double[] end : classes.boundary(range(points, 2), range(points, 3))) {
      lines.add(List.of("boundary", end[0], end[1]));
    }
    return lines;
  }

  private static double[] range(List<List<Object>> points, int column) {
    var values = points.stream().mapToDouble(p -> (Double) p.get(column)).summaryStatistics();
    return new double[] {values.getMin(), values.getMax()};
  }
}
