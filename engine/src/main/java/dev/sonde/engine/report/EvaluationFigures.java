package dev.sonde.engine.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The figure that every evaluation gets: AUROC over layers, with everything it must beat. */
public final class EvaluationFigures {
  private static final String LAYER_CURVE =
      """
      {
        "width": "container", "height": 320,
        "config": {"range": {"category": ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
                                          "#56B4E9"]},
                   "legend": {"orient": "top", "title": null, "columns": 3, "labelLimit": 260,
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
              "y": {"field": "value", "type": "quantitative"},
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
              "y": {"field": "value", "type": "quantitative", "title": "FIGURE, held out",
                    "scale": {"zero": false}},
              "color": {"field": "series", "type": "nominal"},
              "shape": {"field": "series", "type": "nominal"},
              "tooltip": [
                {"field": "series"}, {"field": "layer"},
                {"field": "value", "format": ".3f"},
                {"field": "low", "format": ".3f"}, {"field": "high", "format": ".3f"}
              ]
            }
          },
          {
            "data": {"name": "levels"},
            "mark": {"type": "rule", "strokeDash": [2, 3], "opacity": 0.8},
            "encoding": {"y": {"field": "value", "type": "quantitative"}}
          },
          {
            "data": {"name": "levels"},
            "mark": {"type": "text", "align": "left", "baseline": "bottom", "dy": -2, "x": 4},
            "encoding": {
              "y": {"field": "value", "type": "quantitative"},
              "text": {"field": "label", "type": "nominal"}
            }
          }
        ]
      }
      """;

  private static final String TRANSFER =
      """
      {
        "width": "container", "height": 180,
        "data": {"name": "transfer"},
        "encoding": {
          "x": {"field": "to", "type": "nominal", "title": "scored on", "sort": null,
                "axis": {"labelAngle": 0}},
          "y": {"field": "from", "type": "nominal", "title": "fitted on", "sort": null}
        },
        "layer": [
          {
            "mark": "rect",
            "encoding": {"color": {"field": "value", "type": "quantitative", "title": null,
                                   "scale": {"scheme": "blues", "domain": [0, 1]}}}
          },
          {
            "mark": "text",
            "encoding": {
              "text": {"field": "label"},
              "color": {"condition": {"test": "datum.value > 0.6", "value": "white"},
                        "value": "black"}
            }
          }
        ]
      }
      """;

  /** Series that can be told apart in one figure. */
  private static final int MOST_SERIES = 6;

  /** Levels closer than this would be labelled one upon the other. */
  private static final double APART_TO_LABEL = 0.02;

  private EvaluationFigures() {}

  /** The layer curve of some metrics; empty where nothing was evaluated inside blocks. */
  public static Optional<Figure> layerCurve(List<Metric> metrics) {
    String merit = Headline.merit(metrics);
    List<Metric> points = readable(points(metrics, merit));
    if (points.isEmpty()) {
      return Optional.empty();
    }
    boolean oneSite = distinct(points, "site") == 1;
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
    String figure = merit.equals("auroc") ? "AUROC" : "Spearman correlation";
    return Optional.of(
        Figure.of(
            "layer_curve",
            "Where it can be decoded",
            "%s on held-out groups over the blocks%s, with 95 %% intervals from resampled groups."
                    .formatted(
                        figure, oneSite ? " (" + points.getFirst().where().get("site") + ")" : "")
                + " Dotted lines: what is reached without the trained model.",
            LAYER_CURVE.replace("FIGURE", figure),
            List.of(
                Table.of(
                    "curve", figure, List.of("series", "layer", "value", "low", "high"), curve),
                Table.of("levels", "baselines", List.of("label", "value"), levels(metrics)))));
  }

  private static List<Metric> points(List<Metric> metrics, String merit) {
    return metrics.stream()
        .filter(m -> m.name().equals(merit) && "grouped".equals(m.where().get("split")))
        .filter(m -> m.value().isPresent() && m.where().containsKey("layer"))
        .toList();
  }

  /** Of many series those of the best site only. */
  private static List<Metric> readable(List<Metric> points) {
    if (distinct(points, "site") * distinct(points, "method") <= MOST_SERIES) {
      return points;
    }
    Object site =
        points.stream()
            .reduce((a, b) -> b.value().getAsDouble() > a.value().getAsDouble() ? b : a)
            .map(m -> m.where().get("site"))
            .orElse("");
    return points.stream().filter(m -> site.equals(m.where().get("site"))).toList();
  }

  private static long distinct(List<Metric> metrics, String key) {
    return metrics.stream().map(m -> m.where().get(key)).distinct().count();
  }

  /** The figure of transfer between data sets; empty where there is only one. */
  public static Optional<Figure> transfer(List<Metric> metrics) {
    Object method = Headline.best(metrics).map(m -> m.where().get("method")).orElse("");
    List<List<Object>> cells = new ArrayList<>();
    for (Metric m : metrics) {
      if (m.name().startsWith("transfer.")
          && method.equals(m.where().get("method"))
          && Boolean.TRUE.equals(m.where().get("best"))
          && m.value().isPresent()) {
        cells.add(
            List.of(
                String.valueOf(m.where().get("from")),
                String.valueOf(m.where().get("to")),
                m.value().getAsDouble(),
                Headline.value(m)));
      }
    }
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Figure.of(
            "transfer",
            "What carries over to other data",
            "Decoder %s, fitted on the data set of a row and scored on that of a column, at the"
                    .formatted(method)
                + " hook point that is best on the main one; on the diagonal, held-out groups. 95 %"
                + " intervals from resampled groups.",
            TRANSFER,
            List.of(
                Table.of("transfer", "transfer", List.of("from", "to", "value", "label"), cells))));
  }

  private static Object layer(Metric metric) {
    Object layer = metric.where().get("layer");
    return layer == null ? -1 : layer;
  }

  /** Baselines by value; those too close to be labelled apart share a line. */
  private static List<List<Object>> levels(List<Metric> metrics) {
    List<Metric> ascending =
        metrics.stream()
            .filter(m -> m.name().startsWith("baseline.") && m.value().isPresent())
            .sorted(Comparator.comparingDouble(m -> m.value().getAsDouble()))
            .toList();
    List<List<Object>> levels = new ArrayList<>();
    for (int from = 0; from < ascending.size(); ) {
      double first = ascending.get(from).value().getAsDouble();
      List<String> names = new ArrayList<>();
      double sum = 0;
      int to = from;
      while (to < ascending.size()
          && ascending.get(to).value().getAsDouble() - first < APART_TO_LABEL) {
        names.add(ascending.get(to).name().replace("baseline.", "").replace('_', ' '));
        sum += ascending.get(to++).value().getAsDouble();
      }
      levels.add(List.of(String.join(", ", names), sum / (to - from)));
      from = to;
    }
    return levels;
  }
}
