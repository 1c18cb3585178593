package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figure of cosines over the blocks. */
final class CosineCurve {
  private static final String SPEC =
      """
      {
        "width": "container", "height": 260,
        CONFIG,
        "encoding": {
          "x": {"field": "layer", "type": "quantitative", "title": "block",
                "axis": {"tickMinStep": 1, "format": "d"}}
        },
        "layer": [
          {
            "mark": {"type": "area", "opacity": 0.18},
            "encoding": {
              "y": {"field": "lower", "type": "quantitative", "title": "cosine with the direction"},
              "y2": {"field": "upper"},
              "fill": {"field": "label", "type": "nominal", "legend": null}
            }
          },
          {
            "mark": {"type": "line"},
            "encoding": {
              "y": {"field": "mean", "type": "quantitative"},
              "stroke": {"field": "label", "type": "nominal", "legend": null},
              "strokeDash": {"field": "label", "type": "nominal", "legend": null}
            }
          },
          {
            "mark": {"type": "point", "size": 60, "filled": true},
            "encoding": {
              "y": {"field": "mean", "type": "quantitative"},
              "color": {"field": "label", "type": "nominal"},
              "shape": {"field": "label", "type": "nominal"},
              "tooltip": [{"field": "label"}, {"field": "layer"},
                          {"field": "mean", "format": ".3f"}]
            }
          }
        ],
        "data": {"name": "cosines"}
      }
      """;

  private CosineCurve() {}

  /** The curve over the blocks of the first site; empty where no point is in a block. */
  static Optional<Figure> figure(List<HeldOutRows> points, Targets targets) {
    List<HeldOutRows> inBlocks =
        points.stream().filter(p -> p.point().layer().isPresent()).toList();
    if (inBlocks.isEmpty()) {
      return Optional.empty();
    }
    String site = inBlocks.getFirst().point().site();
    List<List<Object>> rows = new ArrayList<>();
    for (HeldOutRows held : inBlocks) {
      if (held.point().site().equals(site)) {
        for (HeldOutRows.Summary s : held.cosinesByLabel(targets)) {
          rows.add(
              List.of(
                  s.label(),
                  held.point().layer().getAsInt(),
                  s.mean(),
                  s.mean() - s.deviation(),
                  s.mean() + s.deviation()));
        }
      }
    }
    return Optional.of(
        Figure.of(
            "cosines",
            "How rows lie to the direction",
            "Mean cosine of held-out rows with the direction of their layer (%s), by label, with one"
                    .formatted(inBlocks.getFirst().point().shortSite())
                + " standard deviation. The direction of a row was fitted without its group.",
            SPEC.replace("CONFIG", FigureColours.CONFIG),
            List.of(
                Table.of(
                    "cosines",
                    "cosines",
                    List.of("label", "layer", "mean", "lower", "upper"),
                    rows))));
  }
}
