package dev.sonde.engine.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.engine.evaluate.Evaluated;
import dev.sonde.engine.evaluate.control.Refit;
import dev.sonde.statistics.Reliability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reliability diagram of the probe that an evaluation saves as its choice. */
final class ReliabilityFigure {
  private static final String DIAGRAM =
      """
      {
        "width": 320, "height": 320,
        "layer": [
          {
            "data": {"name": "diagonal"},
            "mark": {"type": "line", "strokeDash": [2, 3], "opacity": 0.8},
            "encoding": {
              "x": {"field": "probability", "type": "quantitative"},
              "y": {"field": "share", "type": "quantitative"}
            }
          },
          {
            "data": {"name": "bins"},
            "mark": {"type": "line", "point": {"size": 60, "filled": true}},
            "encoding": {
              "x": {"field": "probability", "type": "quantitative",
                    "title": "probability that is stated", "scale": {"domain": [0, 1]}},
              "y": {"field": "share", "type": "quantitative",
                    "title": "share that is positive", "scale": {"domain": [0, 1]}},
              "tooltip": [
                {"field": "probability", "format": ".3f"}, {"field": "share", "format": ".3f"},
                {"field": "rows"}
              ]
            }
          }
        ]
      }
      """;

  private ReliabilityFigure() {}

  /** The diagram; empty of graded labels, and where nothing could be chosen. */
  static Optional<Figure> of(Evaluated evaluated) {
    return evaluated
        .found(Refit.Result.class)
        .flatMap(Refit.Result::taken)
        .flatMap(
            taken ->
                taken
                    .use()
                    .flatMap(Refit.Use::reliability)
                    .map(
                        reliable ->
                            of(
                                "%s at %s"
                                    .formatted(taken.choice().decoder(), taken.choice().point()),
                                reliable)));
  }

  private static Figure of(String probe, Reliability reliable) {
    List<List<Object>> bins = new ArrayList<>();
    for (Reliability.Bin bin : reliable.bins()) {
      bins.add(List.of(bin.probability(), bin.share(), bin.rows()));
    }
    return Figure.of(
        "reliability",
        "How true its probabilities are",
        "%s, each fold's rows by the curve of the other folds, in bins of as many rows each. The"
                .formatted(probe)
            + " calibration error is %s; it would be %s on average if every probability were true."
                .formatted(Metric.text(reliable.error()), Metric.text(reliable.errorIfTrue())),
        DIAGRAM,
        List.of(
            Table.of("bins", "bins", List.of("probability", "share", "rows"), bins),
            Table.of(
                "diagonal",
                "diagonal",
                List.of("probability", "share"),
                List.of(List.of(0.0, 0.0), List.of(1.0, 1.0)))));
  }
}
