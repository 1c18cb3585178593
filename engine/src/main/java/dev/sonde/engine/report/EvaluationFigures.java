package dev.sonde.engine.report;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import dev.sonde.engine.evaluate.Evaluated;
import dev.sonde.engine.evaluate.Tried;
import dev.sonde.engine.evaluate.control.ControlResult;
import dev.sonde.engine.evaluate.control.Rival;
import dev.sonde.engine.evaluate.control.Transfer;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The figures that every evaluation gets: AUROC over layers, beside its rivals; transfer. */
final class EvaluationFigures {
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

  /** The layer curve of an evaluation; empty where nothing was evaluated inside blocks. */
  static Optional<Figure> layerCurve(Evaluated evaluated) {
    List<Tried> points =
        readable(evaluated.tried().stream().filter(EvaluationFigures::isInBlock).toList());
    if (points.isEmpty()) {
      return Optional.empty();
    }
    boolean oneSite = distinct(points, EvaluationFigures::site) == 1;
    List<List<Object>> curve = new ArrayList<>();
    for (Tried one : points) {
      String series = one.choice().decoder() + (oneSite ? "" : ", " + site(one));
      Estimate merit = one.merit();
      curve.add(
          List.of(
              series.replace('_', ' '),
              one.choice().point().layer().getAsInt(),
              merit.value(),
              Double.isFinite(merit.low()) ? merit.low() : merit.value(),
              Double.isFinite(merit.high()) ? merit.high() : merit.value()));
    }
    String figure =
        evaluated.subject().merit() == Merit.AUROC
            ? Merit.AUROC.title()
            : Merit.SPEARMAN.title() + " correlation";
    return Optional.of(
        Figure.of(
            "layer_curve",
            "Where it can be decoded",
            "%s on held-out groups over the blocks%s, with 95 %% intervals from resampled groups."
                    .formatted(figure, oneSite ? " (" + site(points.getFirst()) + ")" : "")
                + " Dotted lines: baselines. Bag of words and length see no model; embeddings are the"
                + " trained model's own, before any block; random init is the same search on random"
                + " weights.",
            LAYER_CURVE.replace("FIGURE", figure),
            List.of(
                Table.of(
                    "curve", figure, List.of("series", "layer", "value", "low", "high"), curve),
                Table.of(
                    "levels",
                    "baselines",
                    List.of("label", "value"),
                    levels(evaluated.rivals())))));
  }

  private static boolean isInBlock(Tried one) {
    HookPoint point = one.choice().point();
    return !point.equals(HookPoint.EMBED)
        && point.layer().isPresent()
        && Double.isFinite(one.merit().value());
  }

  private static String site(Tried one) {
    return one.choice().point().shortSite();
  }

  private static String decoder(Tried one) {
    return one.choice().decoder();
  }

  /** Of many series those of the best site only. */
  private static List<Tried> readable(List<Tried> points) {
    if (distinct(points, EvaluationFigures::site) * distinct(points, EvaluationFigures::decoder)
        <= MOST_SERIES) {
      return points;
    }
    String best = site(Scored.best(points.stream(), Tried::rank));
    return points.stream().filter(one -> site(one).equals(best)).toList();
  }

  private static long distinct(List<Tried> points, Function<Tried, String> key) {
    return points.stream().map(key).distinct().count();
  }

  /** The figure of transfer between data sets; empty where there is only one. */
  static Optional<Figure> transfer(Evaluated evaluated) {
    String decoder = decoder(evaluated.best());
    List<List<Object>> cells =
        evaluated.found(Transfer.Result.class).stream()
            .flatMap(all -> ControlResult.Placed.of(all.found(), decoder).stream())
            .filter(one -> one.best() && Double.isFinite(one.merit().value()))
            .map(
                one ->
                    List.<Object>of(
                        one.from(), one.to(), one.merit().value(), Numbers.text(one.merit())))
            .toList();
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Figure.of(
            "transfer",
            "What carries over to other data",
            "Decoder %s, fitted on the data set of a row and scored on that of a column, at the"
                    .formatted(decoder)
                + " hook point that is best on the main one; on the diagonal, held-out groups. 95 %"
                + " intervals from resampled groups.",
            TRANSFER,
            List.of(
                Table.of("transfer", "transfer", List.of("from", "to", "value", "label"), cells))));
  }

  /** Rivals by value; those too close to be labelled apart share a line. */
  private static List<List<Object>> levels(List<Rival> rivals) {
    List<Rival> ascending =
        rivals.stream()
            .filter(rival -> Double.isFinite(rival.estimate().value()))
            .sorted(Comparator.comparingDouble(rival -> rival.estimate().value()))
            .toList();
    List<List<Object>> levels = new ArrayList<>();
    for (int from = 0; from < ascending.size(); ) {
      double first = ascending.get(from).estimate().value();
      List<String> names = new ArrayList<>();
      double sum = 0;
      int to = from;
      while (to < ascending.size()
          && ascending.get(to).estimate().value() - first < APART_TO_LABEL) {
        names.add(ascending.get(to).words().name().replace('_', ' '));
        sum += ascending.get(to++).estimate().value();
      }
      levels.add(List.of(String.join(", ", names), sum / (to - from)));
      from = to;
    }
    return levels;
  }
}
