package dev.sonde.probe.position.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.probe.position.perturb.LossCurve;
import java.util.ArrayList;
import java.util.List;

/** Long contexts token by token, and what is found in them. */
public final class LengthFigures {
  private static final String CURVES =
      """
      {
        "data": {"name": "curves"}, CONFIG,
        "width": "container", "height": 260,
        "mark": {"type": "line", "point": {"size": 20}},
        "encoding": {
          "x": {"field": "token", "type": "quantitative", "title": "tokens before"},
          "y": {"field": "nats", "type": "quantitative", "scale": {"type": "log"},
                "title": "loss, nats a token"},
          "color": {"field": "way", "type": "nominal", "sort": null},
          "strokeDash": {"field": "way", "type": "nominal", "sort": null},
          "tooltip": [{"field": "way"}, {"field": "token"}, {"field": "nats", "format": ".3f"}]
        }
      }
      """;

  private static final String PASSKEYS =
      """
      {
        "data": {"name": "passkeys"}, CONFIG,
        "width": {"step": 70}, "height": {"step": 26},
        "encoding": {
          "x": {"field": "multiple", "type": "ordinal", "title": "context, trained windows",
                "axis": {"labelAngle": 0}},
          "y": {"field": "way", "type": "nominal", "sort": null, "title": null}
        },
        "layer": [
          {"mark": "rect",
           "encoding": {"color": {"field": "found", "type": "quantitative",
                                  "scale": {"scheme": "viridis", "domain": [0, 1]},
                                  "legend": {"orient": "right", "title": "share found"}}}},
          {"mark": "text",
           "encoding": {"text": {"field": "found", "format": ".2f"},
                        "color": {"condition": {"test": "datum.found > 0.5", "value": "black"},
                                  "value": "white"}}}
        ]
      }
      """;

  private LengthFigures() {}

  /** The loss over where tokens stand. */
  public static Figure curves(List<LossCurve> curves) {
    List<List<Object>> rows = new ArrayList<>();
    for (LossCurve curve : curves) {
      for (int part = 0; part < curve.nats().length; part++) {
        if (Double.isFinite(curve.nats()[part])) {
          rows.add(List.of(curve.extension(), part * curve.tokens(), curve.nats()[part]));
        }
      }
    }
    return Figures.figure(
        "loss-over-position",
        "Loss over the position in a long context",
        "Mean loss of the tokens of each quarter of a trained window, in the longest context, under"
            + " each way to read it.",
        CURVES,
        Table.of("curves", "loss", List.of("way", "token", "nats"), rows));
  }

  /** The same as metrics. */
  public static List<Metric> metrics(List<LossCurve> curves) {
    List<Metric> metrics = new ArrayList<>();
    for (LossCurve curve : curves) {
      for (int part = 0; part < curve.nats().length; part++) {
        metrics.add(
            Metric.of("loss.at", curve.nats()[part])
                .where("perturbation", "length." + curve.extension())
                .where("token", part * curve.tokens())
                .unit("nats per token"));
      }
    }
    return metrics;
  }

  /** Which pass keys were found. */
  public static Figure passkeys(List<Metric> found) {
    List<List<Object>> rows = new ArrayList<>();
    for (Metric metric : found) {
      Object way = metric.where().getOrDefault("perturbation", "");
      Object multiple = metric.where().getOrDefault("multiple", 1);
      metric.value().ifPresent(share -> rows.add(List.of(way, multiple, share)));
    }
    return Figures.figure(
        "passkeys",
        "Pass keys found in long contexts",
        "A number that a text states once, at a tenth, half and nine tenths of it, is asked for at its"
            + " end: the share that the model writes.",
        PASSKEYS,
        Table.of("passkeys", "found", List.of("way", "multiple", "found"), rows));
  }
}
