package dev.sonde.probe.linear;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Analysis E: whether the direction is one of the first principal components. */
final class Components {
  private static final int MOST = 10;

  private static final String SPEC =
      """
      {
        "width": "container", "height": 240,
        "data": {"name": "components"},
        "encoding": {
          "x": {"field": "layer", "type": "ordinal", "title": "block", "axis": {"labelAngle": 0}},
          "y": {"field": "component", "type": "ordinal", "title": "principal component"}
        },
        "layer": [
          {
            "mark": "rect",
            "encoding": {
              "color": {"field": "cosine", "type": "quantitative", "title": "size of the cosine",
                        "scale": {"scheme": "blues", "domain": [0, 1]}},
              "tooltip": [{"field": "layer"}, {"field": "component"},
                          {"field": "cosine", "format": ".3f"}]
            }
          },
          {
            "mark": {"type": "text", "fontSize": 10},
            "encoding": {
              "text": {"field": "cosine", "type": "quantitative", "format": ".2f"},
              "color": {"condition": {"test": "datum.cosine > 0.6", "value": "white"},
                        "value": "black"}
            }
          }
        ]
      }
      """;

  private Components() {}

  /** Adds a figure of merit per hook point and component, and a figure for the best site. */
  static void report(
      ProbeContext context,
      Map<HookPoint, Matrix> captured,
      Map<HookPoint, double[]> directions,
      HookPoint best) {
    List<List<Object>> cells = new ArrayList<>();
    for (Map.Entry<HookPoint, Matrix> each : captured.entrySet()) {
      HookPoint point = each.getKey();
      PrincipalAxes axes = PrincipalAxes.of(each.getValue(), context.linearAlgebra());
      double[] direction = directions.getOrDefault(point, new double[0]);
      for (int k = 0; k < Math.min(MOST, axes.variances().length); k++) {
        double cosine = Directions.cosine(direction, axes.axis(k));
        context
            .report()
            .metric(Metric.of("component.cosine", cosine).at(point).where("component", k + 1));
        if (point.layer().isPresent() && point.site().equals(best.site())) {
          cells.add(List.of(point.layer().getAsInt(), k + 1, Math.abs(cosine)));
        }
      }
    }
    if (!cells.isEmpty()) {
      context
          .report()
          .figure(
              Figure.of(
                  "components",
                  "Is it a principal component?",
                  "Size of the cosine between the direction and the first principal components of"
                      + " all rows (%s). A high first row means that the classes are what rows"
                          .formatted(best.shortSite())
                      + " differ in most.",
                  SPEC,
                  List.of(
                      Table.of(
                          "components",
                          "direction and components",
                          List.of("layer", "component", "cosine"),
                          cells))));
    }
  }
}
