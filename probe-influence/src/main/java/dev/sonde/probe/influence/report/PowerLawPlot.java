package dev.sonde.probe.influence.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Mean positive scores over their ranks, both axes logarithmic. */
final class PowerLawPlot {
  /** The next rank that is shown is at least so much higher. */
  private static final double STEP = 1.25;

  private static final String SPEC =
      """
      {
        "width": "container", "height": 280,
        CONFIG,
        "data": {"name": "ranks"},
        "encoding": {
          "x": {"field": "rank", "type": "quantitative", "scale": {"type": "log"}, "title": "rank"},
          "y": {"field": "score", "type": "quantitative",
                "scale": {"type": "log"}, "title": "score per nat",
                "axis": {"format": ".0e"}},
          "color": {"field": "kind", "type": "nominal"},
          "tooltip": [{"field": "kind"}, {"field": "rank"}, {"field": "score", "format": ".3e"}]
        },
        "layer": [
          {"mark": "line", "encoding": {"strokeDash": {"field": "kind", "type": "nominal", "legend": null}}},
          {"mark": {"type": "point", "filled": true},
           "encoding": {"shape": {"field": "kind", "type": "nominal", "legend": null}}}
        ]
      }
      """;

  private PowerLawPlot() {}

  /**
   * The slope of log value over log rank by least squares (Ruis et al. 2025, section 5.2).
   *
   * @param descending positive values, the largest first, at least two
   */
  static double slope(double[] descending) {
    int count = descending.length;
    double[] x = IntStream.range(0, count).mapToDouble(i -> Math.log(i + 1.0)).toArray();
    double[] y = Arrays.stream(descending).map(Math::log).toArray();
    double meanX = Means.of(x);
    double meanY = Means.of(y);
    double xy = 0;
    double xx = 0;
    for (int i = 0; i < count; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
    }
    return xy / xx;
  }

  static Figure figure(Map<String, List<Integer>> byKind, Rankings rankings) {
    List<List<Object>> rows = new ArrayList<>();
    byKind.forEach(
        (kind, queries) -> {
          List<double[]> positive = queries.stream().map(q -> rankings.of(q).positive()).toList();
          int shortest = positive.stream().mapToInt(p -> p.length).min().orElse(0);
          for (int rank = 1; rank <= shortest; rank = Math.max(rank + 1, (int) (rank * STEP))) {
            int place = rank - 1;
            double mean = positive.stream().mapToDouble(p -> p[place]).average().orElseThrow();
            rows.add(List.of(kind, rank, mean));
          }
        });
    return Figure.of(
        "power_law",
        "How quickly influence falls with rank",
        "Mean score per nat of the document at a rank, over the queries of a kind; a straight line is"
            + " a power law. Only positive scores.",
        SPEC.replace("CONFIG", FigureStyle.CONFIG),
        List.of(Table.of("ranks", "scores by rank", List.of("kind", "rank", "score"), rows)));
  }
}
