package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cosines of rows with the direction of a layer, each row with a direction that never saw it. */
final class CosineCurve {
  private static final String SPEC =
      """
      {
        "width": "container", "height": 260,
        "config": {"legend": {"orient": "top", "title": null, "symbolOpacity": 1}},
        "encoding": {
          "x": {"field": "layer", "type": "quantitative", "title": "block",
                "axis": {"tickMinStep": 1, "format": "d"}}
        },
        "layer": [
          {
            "mark": {"type": "area", "opacity": 0.18},
            "encoding": {
              "y": {"field": "lower", "type": "quantitative", "title": "cosine with the direction"},
              "y2": {"field": "upper"},
              "fill": {"field": "label", "type": "nominal", "legend": null}
            }
          },
          {
            "mark": {"type": "line"},
            "encoding": {
              "y": {"field": "mean", "type": "quantitative"},
              "stroke": {"field": "label", "type": "nominal", "legend": null},
              "strokeDash": {"field": "label", "type": "nominal", "legend": null}
            }
          },
          {
            "mark": {"type": "point", "size": 60, "filled": true},
            "encoding": {
              "y": {"field": "mean", "type": "quantitative"},
              "color": {"field": "label", "type": "nominal"},
              "shape": {"field": "label", "type": "nominal"},
              "tooltip": [{"field": "label"}, {"field": "layer"},
                          {"field": "mean", "format": ".3f"}]
            }
          }
        ],
        "data": {"name": "cosines"}
      }
      """;

  private CosineCurve() {}

  /**
   * The held-out cosines of one class at one hook point.
   *
   * @param mean their mean
   * @param deviation their standard deviation
   */
  record Point(HookPoint point, String label, double mean, double deviation, int rows) {
    Metric metric() {
      return Metric.of("cosine", mean).at(point).where("label", label).n(rows);
    }
  }

  /** Both classes at one hook point; rows that no fold held out are left out. */
  static List<Point> heldOut(HookPoint point, Matrix rows, Targets targets, int[] folds) {
    double[] cosines = new double[rows.rows()];
    int highest = -1;
    for (int fold : folds) {
      highest = Math.max(highest, fold);
    }
    for (int fold = 0; fold <= highest; fold++) {
      int held = fold;
      double[] direction = Directions.differenceOfMeans(rows, targets, row -> folds[row] != held);
      for (int row = 0; row < cosines.length; row++) {
        if (folds[row] == held) {
          cosines[row] = Directions.cosine(rows.row(row), direction);
        }
      }
    }
    return List.of(
        summary(point, targets.positiveName(), true, cosines, targets, folds),
        summary(point, targets.negativeName(), false, cosines, targets, folds));
  }

  private static Point summary(
      HookPoint point,
      String label,
      boolean positive,
      double[] cosines,
      Targets targets,
      int[] folds) {
    int count = 0;
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < cosines.length; row++) {
      if (folds[row] >= 0 && targets.positive(row) == positive) {
        count++;
        sum += cosines[row];
        squares += cosines[row] * cosines[row];
      }
    }
    double mean = sum / count;
    double variance = Math.max(0, squares / count - mean * mean);
    return new Point(point, label, mean, Math.sqrt(variance), count);
  }

  /** The curve over the blocks of the first site; empty where no point is in a block. */
  static Optional<Figure> figure(List<Point> points) {
    List<Point> inBlocks = points.stream().filter(p -> p.point().layer().isPresent()).toList();
    if (inBlocks.isEmpty()) {
      return Optional.empty();
    }
    String site = inBlocks.getFirst().point().site();
    List<List<Object>> rows = new ArrayList<>();
    for (Point p : inBlocks) {
      if (p.point().site().equals(site)) {
        rows.add(
            List.of(
                p.label(),
                p.point().layer().getAsInt(),
                p.mean(),
                p.mean() - p.deviation(),
                p.mean() + p.deviation()));
      }
    }
    return Optional.of(
        new Figure(
            "cosines",
            "How rows lie to the direction",
            "Mean cosine of held-out rows with the direction of their layer, by label, with one"
                + " standard deviation. The direction of a row was fitted without its group.",
            SPEC,
            List.of(
                new Table(
                    "cosines",
                    "cosines",
                    List.of("label", "layer", "mean", "lower", "upper"),
                    rows))));
  }
}
