package dev.sonde.probe.linear;

/** Figures with a line and points for each model. */
final class ModelLines {
  private ModelLines() {}

  /**
   * A specification with its colours and layers.
   *
   * @param spec which says CONFIG and LAYERS where they belong
   * @param x the field across
   * @param y the field upwards
   * @param format in which it is shown
   */
  static String spec(String spec, String x, String y, String format) {
    return spec.replace("CONFIG", FigureColours.CONFIG)
        .replace(
            "LAYERS",
            """
            "layer": [
                {
                  "mark": {"type": "line"},
                  "encoding": {
                    "stroke": {"field": "model", "type": "nominal", "legend": null},
                    "strokeDash": {"field": "model", "type": "nominal", "legend": null}
                  }
                },
                {
                  "mark": {"type": "point", "size": 60, "filled": true},
                  "encoding": {
                    "color": {"field": "model", "type": "nominal"},
                    "shape": {"field": "model", "type": "nominal"},
                    "tooltip": [{"field": "model"}, {"field": "%s"},
                                {"field": "%s", "format": "%s"}]
                  }
                }
              ]
            """
                .formatted(x, y, format));
  }
}
