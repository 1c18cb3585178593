package dev.sonde.engine.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The figure that every evaluation gets: AUROC over layers, with everything it must beat. */
public final class EvaluationFigures {
  private static final String LAYER_CURVE =
      """
      {
        "width": "container", "height": 320,
        "config": {"legend": {"orient": "top", "title": null, "columns": 3, "labelLimit": 260,
                              "symbolOpacity": 1}},
        "layer": [
          {
            "data": {"name": "curve"},
            "mark": {"type": "area", "opacity": 0.15},
            "encoding": {
              "x": {"field": "layer", "type": "quantitative"},
              "y": {"field": "low", "type": "quantitative"},
              "y2": {"field": "high"},
              "fill": {"field": "series", "type": "nominal", "legend": null}
            }
          },
          {
            "data": {"name": "curve"},
            "mark": {"type": "line"},
            "encoding": {
              "x": {"field": "layer", "type": "quantitative"},
              "y": {"field": "auroc", "type": "quantitative"},
              "stroke": {"field": "series", "type": "nominal", "legend": null},
              "strokeDash": {"field": "series", "type": "nominal", "legend": null}
            }
          },
          {
            "data": {"name": "curve"},
            "mark": {"type": "point", "size": 60, "filled": true},
            "encoding": {
              "x": {"field": "layer", "type": "quantitative", "title": "block",
                    "axis": {"tickMinStep": 1, "format": "d"}},
              "y": {"field": "auroc", "type": "quantitative", "title": "AUROC, held out",
                    "scale": {"zero": false}},
              "color": {"field": "series", "type": "nominal"},
              "shape": {"field": "series", "type": "nominal"},
              "tooltip": [
                {"field": "series"}, {"field": "layer"},
                {"field": "auroc", "format": ".3f"},
                {"field": "low", "format": ".3f"}, {"field": "high", "format": ".3f"}
              ]
            }
          },
          {
            "data": {"name": "levels"},
            "mark": {"type": "rule", "strokeDash": [2, 3], "opacity": 0.8},
            "encoding": {"y": {"field": "auroc", "type": "quantitative"}}
          },
          {
            "data": {"name": "levels"},
            "mark": {"type": "text", "align": "left", "baseline": "bottom", "dy": -2, "x": 4},
            "encoding": {
              "y": {"field": "auroc", "type": "quantitative"},
              "text": {"field": "label", "type": "nominal"}
            }
          }
        ]
      }
      """;

  private EvaluationFigures() {}

  /** The layer curve of some metrics; empty where nothing was evaluated inside blocks. */
  public static Optional<Figure> layerCurve(List<Metric> metrics) {
    List<Metric> points =
        metrics.stream()
            .filter(m -> m.name().equals("auroc") && "grouped".equals(m.where().get("split")))
            .filter(m -> m.value().isPresent() && m.where().containsKey("layer"))
            .toList();
    if (points.isEmpty()) {
      return Optional.empty();
    }
    boolean oneSite = points.stream().map(m -> m.where().get("site")).distinct().count() == 1;
    List<List<Object>> curve = new ArrayList<>();
    for (Metric m : points) {
      String series = m.where().get("method") + (oneSite ? "" : ", " + m.where().get("site"));
      double value = m.value().getAsDouble();
      curve.add(
          List.of(
              series.replace('_', ' '),
              layer(m),
              value,
              m.low().orElse(value),
              m.high().orElse(value)));
    }
    return Optional.of(
        new Figure(
            "layer_curve",
            "Where it can be decoded",
            "AUROC on held-out groups over the blocks, with 95 % intervals from resampled groups."
                + " Dotted lines: what is reached without the model's computation.",
            LAYER_CURVE,
            List.of(
                new Table(
                    "curve", "AUROC", List.of("series", "layer", "auroc", "low", "high"), curve),
                new Table("levels", "baselines", List.of("label", "auroc"), levels(metrics)))));
  }

  private static Object layer(Metric metric) {
    Object layer = metric.where().get("layer");
    return layer == null ? -1 : layer;
  }

  /** Baselines that agree to two digits share a line. */
  private static List<List<Object>> levels(List<Metric> metrics) {
    Map<String, List<Metric>> byValue = new LinkedHashMap<>();
    for (Metric m : metrics) {
      if (m.name().startsWith("baseline.") && m.value().isPresent()) {
        String key = String.format(Locale.ROOT, "%.2f", m.value().getAsDouble());
        byValue.computeIfAbsent(key, k -> new ArrayList<>()).add(m);
      }
    }
    List<List<Object>> levels = new ArrayList<>();
    byValue.forEach(
        (value, same) ->
            levels.add(
                List.of(
                    String.join(
                        ", ",
                        same.stream()
                            .map(m -> m.name().replace("baseline.", "").replace('_', ' '))
                            .toList()),
                    same.getFirst().value().getAsDouble())));
    return levels;
  }
}
