package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;

/** Analysis C: how projections grow with a graded label. */
final class GradedRelation {
  /** Levels of the label that get a box each; beyond that rows are drawn one by one. */
  private static final int MOST_BOXES = 15;

  private static final String SPEC =
      """
      {
        "width": "container", "height": 300,
        "data": {"name": "rows"},
        "mark": MARK,
        "encoding": {
          "x": {"field": "label", "type": "SCALE", "title": "label", "axis": {"labelAngle": 0}},
          "y": {"field": "projection", "type": "quantitative", "scale": {"zero": false},
                "title": "projection on the direction, held out"}
        }
      }
      """;

  private static final String BOXES =
      """
      {"type": "boxplot", "size": 24, "color": "#0072B2"}""";

  private static final String POINTS =
      """
      {"type": "point", "filled": true, "opacity": 0.6, "color": "#0072B2"}""";

  private GradedRelation() {}

  /** Projections of held-out rows by label. */
  static Figure figure(HeldOutRows held, Targets labels) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < labels.size(); row++) {
      if (!Double.isNaN(held.projections()[row])) {
        rows.add(List.of(labels.value(row), held.projections()[row]));
      }
    }
    boolean boxes = rows.stream().map(List::getFirst).distinct().count() <= MOST_BOXES;
    return Figure.of(
        "graded",
        "How it grows with the label",
        "Projection of held-out rows on the direction at %s, by label. The direction of a row was"
                .formatted(held.point())
            + " fitted without its group.",
        SPEC.replace("MARK", boxes ? BOXES : POINTS)
            .replace("SCALE", boxes ? "ordinal" : "quantitative"),
        List.of(Table.of("rows", "held-out rows", List.of("label", "projection"), rows)));
  }
}
