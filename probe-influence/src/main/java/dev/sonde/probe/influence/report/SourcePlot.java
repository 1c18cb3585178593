package dev.sonde.probe.influence.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import java.util.List;

/** Multipliers of sources as bars, by kind of query. */
final class SourcePlot {
  private static final String SPEC =
      """
      {
        "width": "container", "height": 280,
        CONFIG,
        "data": {"name": "sources"},
        "mark": "bar",
        "encoding": {
          "x": {"field": "source", "type": "nominal", "axis": {"labelAngle": 0}},
          "xOffset": {"field": "kind", "type": "nominal"},
          "y": {"field": "multiplier", "type": "quantitative", "title": "multiplier"},
          "color": {"field": "kind", "type": "nominal"},
          "tooltip": [{"field": "kind"}, {"field": "source"},
                      {"field": "multiplier", "format": ".2f"}]
        }
      }
      """;

  private SourcePlot() {}

  static Figure figure(List<List<Object>> rows, int top) {
    return Figure.of(
        "sources",
        "Where influential documents come from",
        "Share of a source among the top %d documents over its share in the corpus; 1 is as often as"
                .formatted(top)
            + " by chance. Bars of one source stand in the order of the legend.",
        SPEC.replace("CONFIG", FigureStyle.CONFIG),
        List.of(Table.of("sources", "multipliers", List.of("kind", "source", "multiplier"), rows)));
  }
}
