package dev.sonde.probe.influence.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import java.util.List;

/** What training again did, as points. */
final class CheckPlots {
  private static final String SUBSETS =
      """
      {
        "width": "container", "height": 300,
        CONFIG,
        "data": {"name": "lds"},
        "encoding": {
          "y": {"field": "scores", "type": "nominal", "sort": null, "title": null},
          "yOffset": {"field": "queries", "type": "nominal", "sort": null},
          "color": {"field": "queries", "type": "nominal", "sort": null}
        },
        "layer": [
          {"mark": {"type": "rule", "color": "#888"}, "encoding": {"x": {"datum": 0}, "y": null, "yOffset": null, "color": null}},
          {"mark": "rule", "encoding": {
            "x": {"field": "lower", "type": "quantitative", "title": "linear datamodeling score"},
            "x2": {"field": "upper"}}},
          {"mark": {"type": "point", "filled": true, "size": 50}, "encoding": {
            "x": {"field": "lds", "type": "quantitative"},
            "shape": {"field": "queries", "type": "nominal", "sort": null, "legend": null},
            "tooltip": [{"field": "scores"}, {"field": "queries"}, {"field": "lds", "format": ".2f"}, {"field": "ceiling", "format": ".2f"}]}},
          {"mark": {"type": "tick", "thickness": 2, "size": 8}, "encoding": {
            "x": {"field": "ceiling", "type": "quantitative"}}}
        ]
      }
      """;

  private static final String REMOVALS =
      """
      {
        "width": "container", "height": 180,
        CONFIG,
        "data": {"name": "removals"},
        "encoding": {
          "y": {"field": "removed", "type": "nominal", "sort": null, "title": "removed by"},
          "x": {"field": "change", "type": "quantitative", "title": "change of log P, nats"},
          "color": {"field": "kind", "type": "nominal", "sort": null},
          "yOffset": {"field": "kind", "type": "nominal", "sort": null}
        },
        "layer": [
          {"mark": {"type": "point", "filled": true, "opacity": 0.6}, "encoding": {
            "tooltip": [{"field": "removed"}, {"field": "kind"}, {"field": "group"}, {"field": "change", "format": ".2f"}]}},
          {"mark": {"type": "tick", "thickness": 3}, "encoding": {
            "x": {"aggregate": "mean", "field": "change", "type": "quantitative"}}}
        ]
      }
      """;

  private CheckPlots() {}

  static Figure subsets(List<List<Object>> rows) {
    return Figure.of(
        "lds",
        "How well summed scores predict training on halves of the documents",
        "Mean over queries of the rank correlation over subsets between the sum of the scores of a"
            + " subset's documents and the log-probability after training on it; lines are 95 %"
            + " intervals over draws of subsets and queries. Ticks are what a perfect prediction would"
            + " reach: training again has noise of its own.",
        SUBSETS.replace("CONFIG", FigureStyle.CONFIG),
        List.of(
            Table.of(
                "lds",
                "linear datamodeling scores",
                List.of("scores", "queries", "lds", "lower", "upper", "count", "ceiling"),
                rows)));
  }

  static Figure removals(List<List<Object>> rows) {
    return Figure.of(
        "removals",
        "What training without the top documents makes of completions",
        "A point is a group of queries: the change of its completions' mean log-probability against"
            + " training on all documents in the same order, its mean over orders. Marks are means"
            + " over groups.",
        REMOVALS.replace("CONFIG", FigureStyle.CONFIG),
        List.of(
            Table.of("removals", "changes", List.of("removed", "kind", "group", "change"), rows)));
  }
}
