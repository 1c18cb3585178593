package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.statistics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The figures of effects over doses, one a mode. */
final class DoseResponse {
  private static final String SPEC =
      """
      {
        "width": "container", "height": 280,
        CONFIG,
        "encoding": {
          "x": {"field": "alpha", "type": "quantitative", "title": "alpha"}
        },
        "layer": [
          {
            "data": {"name": "null"},
            "mark": {"type": "area", "opacity": 0.25, "color": "#777777"},
            "encoding": {
              "y": {"field": "lower", "type": "quantitative",
                    "title": "change of log-probability, nats"},
              "y2": {"field": "upper"}
            }
          },
          {
            "data": {"name": "doses"},
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {
              "y": {"field": "lower", "type": "quantitative"},
              "y2": {"field": "upper"},
              "stroke": {"field": "label", "type": "nominal", "legend": null}
            }
          },
          {
            "data": {"name": "doses"},
            "mark": {"type": "line"},
            "encoding": {
              "y": {"field": "mean", "type": "quantitative"},
              "stroke": {"field": "label", "type": "nominal", "legend": null},
              "strokeDash": {"field": "label", "type": "nominal", "legend": null}
            }
          },
          {
            "data": {"name": "doses"},
            "mark": {"type": "point", "size": 60, "filled": true},
            "encoding": {
              "y": {"field": "mean", "type": "quantitative"},
              "color": {"field": "label", "type": "nominal"},
              "shape": {"field": "label", "type": "nominal"},
              "tooltip": [{"field": "label"}, {"field": "alpha"},
                          {"field": "mean", "format": ".3f"},
                          {"field": "lower", "format": ".3f"}, {"field": "upper", "format": ".3f"}]
            }
          }
        ]
      }
      """;

  private DoseResponse() {}

  static List<Figure> figures(
      Effects effects,
      Evaluation evaluation,
      Targets targets,
      HookPoint point,
      DirectionTest random) {
    return Stream.of(Dose.Mode.values())
        .filter(mode -> effects.doses().stream().anyMatch(dose -> dose.mode() == mode))
        .map(mode -> figure(mode, effects, evaluation, targets, point, random))
        .toList();
  }

  private static Figure figure(
      Dose.Mode mode,
      Effects effects,
      Evaluation evaluation,
      Targets targets,
      HookPoint point,
      DirectionTest random) {
    List<List<Object>> doses = new ArrayList<>();
    List<List<Object>> band = new ArrayList<>();
    doses.add(List.of(targets.positiveName(), 0.0, 0.0, 0.0, 0.0));
    doses.add(List.of(targets.negativeName(), 0.0, 0.0, 0.0, 0.0));
    band.add(List.of(0.0, 0.0, 0.0));
    for (int dose : ofMode(effects, mode)) {
      double alpha = effects.doses().get(dose).alpha();
      for (boolean positive : new boolean[] {true, false}) {
        int[] rows = effects.rows(targets, positive);
        double[] change = effects.change()[dose];
        double mean = Effects.mean(change, rows);
        Metric interval = evaluation.withInterval(Metric.of("change", mean), change, rows);
        doses.add(
            List.of(
                positive ? targets.positiveName() : targets.negativeName(),
                alpha,
                mean,
                interval.low().orElse(Double.NaN),
                interval.high().orElse(Double.NaN)));
      }
      Interval most = Interval.ofDraws(random.means(targets, dose));
      band.add(List.of(alpha, most.low(), most.high()));
    }
    band.sort(Comparator.comparing(row -> (Double) row.getFirst()));
    return Figure.of(
        "dose_response_" + mode.word(),
        "What steering does to the answer (%s)".formatted(mode.word()),
        "Mean change of the log-probability of a row's own answer over alpha, by label, with 95 %"
            + " intervals from resampled groups; the direction of %s was fitted and chosen on other"
                .formatted(point)
            + " groups. Grey: where 95 % of random directions of the same size come out.",
        SPEC.replace("CONFIG", FigureColours.CONFIG),
        List.of(
            Table.of(
                "doses", "effects", List.of("label", "alpha", "mean", "lower", "upper"), doses),
            Table.of("null", "random directions", List.of("alpha", "lower", "upper"), band)));
  }

  private static int[] ofMode(Effects effects, Dose.Mode mode) {
    return IntStream.range(0, effects.doses().size())
        .filter(dose -> effects.doses().get(dose).mode() == mode)
        .toArray();
  }
}
