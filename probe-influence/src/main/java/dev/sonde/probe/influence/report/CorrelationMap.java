package dev.sonde.probe.influence.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The map of correlations between queries, those of one kind and relation side by side. */
final class CorrelationMap {
  /** Most queries of one kind that are shown. */
  private static final int MOST_OF_A_KIND = 30;

  private static final String SPEC =
      """
      {
        "width": 560, "height": 560,
        CONFIG,
        "data": {"name": "pairs"},
        "mark": "rect",
        "encoding": {
          "x": {"field": "place", "type": "ordinal", "title": null,
                "axis": {"labels": false, "ticks": false}},
          "y": {"field": "other place", "type": "ordinal", "title": null,
                "axis": {"labels": false, "ticks": false}},
          "color": {"field": "r", "type": "quantitative",
                    "scale": {"scheme": "blueorange", "domain": [-1, 1], "reverse": true},
                    "legend": {"title": "r", "orient": "right"}},
          "tooltip": [{"field": "query"}, {"field": "other query"}, {"field": "r", "format": ".2f"}]
        }
      }
      """;

  private CorrelationMap() {}

  static Figure figure(QueryCorrelation correlation, List<TokenizedText> queries) {
    Map<String, Integer> shown = new HashMap<>();
    List<Integer> order =
        IntStream.range(0, queries.size())
            .boxed()
            .filter(q -> shown.merge(correlation.kinds().get(q), 1, Integer::sum) <= MOST_OF_A_KIND)
            .sorted(
                Comparator.comparing((Integer q) -> correlation.kinds().get(q))
                    .thenComparing(q -> correlation.relations().get(q)))
            .toList();
    List<List<Object>> rows = new ArrayList<>();
    for (int x = 0; x < order.size(); x++) {
      for (int y = 0; y < order.size(); y++) {
        int a = order.get(x);
        int b = order.get(y);
        double r = correlation.r()[a][b];
        if (Double.isFinite(r)) {
          String one = name(correlation, queries, a);
          String other = name(correlation, queries, b);
          rows.add(List.of(x, y, one, other, Math.round(1e3 * r) / 1e3));
        }
      }
    }
    return Figure.of(
        "query_correlation",
        "How alike queries rank the documents",
        "Pearson's r of two queries' scores over all documents, queries sorted by kind and relation."
            + " A block on the diagonal: queries that draw on the same documents.",
        SPEC.replace("CONFIG", FigureStyle.CONFIG),
        List.of(
            Table.of(
                "pairs",
                "correlations",
                List.of("place", "other place", "query", "other query", "r"),
                rows)));
  }

  private static String name(QueryCorrelation correlation, List<TokenizedText> queries, int query) {
    String relation = correlation.relations().get(query);
    return relation.isEmpty()
        ? queries.get(query).id()
        : queries.get(query).id() + " (" + relation + ")";
  }
}
