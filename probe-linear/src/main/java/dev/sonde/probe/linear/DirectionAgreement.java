package dev.sonde.probe.linear;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The figure of how the directions of further models lie to the main model's, block by block. */
final class DirectionAgreement {
  private static final String SPEC =
      """
      {
        "width": "container", "height": 240,
        CONFIG,
        "data": {"name": "agreement"},
        "encoding": {
          "x": {"field": "layer", "type": "quantitative", "title": "block",
                "axis": {"tickMinStep": 1, "format": "d"}},
          "y": {"field": "cosine", "type": "quantitative", "scale": {"zero": false},
                "title": "cosine with the main model's direction"}
        },
        LAYERS
      }
      """;

  private DirectionAgreement() {}

  /** The figure over the blocks of the first site; empty where no point is in a block. */
  static Optional<Figure> figure(
      Map<HookPoint, double[]> main, Map<String, Map<HookPoint, double[]>> models) {
    Optional<HookPoint> first =
        main.keySet().stream().filter(point -> point.layer().isPresent()).findFirst();
    if (first.isEmpty() || models.isEmpty()) {
      return Optional.empty();
    }
    List<List<Object>> rows = new ArrayList<>();
    models.forEach(
        (model, directions) ->
            directions.forEach(
                (point, direction) -> {
                  double[] own = main.get(point);
                  if (own != null
                      && point.site().equals(first.get().site())
                      && point.layer().isPresent()) {
                    rows.add(
                        List.of(
                            model, point.layer().getAsInt(), Directions.cosine(own, direction)));
                  }
                }));
    return Optional.of(
        Figure.of(
            "agreement_of_models",
            "How the directions of further models lie to the main model's",
            "Cosine of the direction that a further model gives on the same rows with that of the"
                + " main model, block by block (%s).".formatted(first.get().shortSite()),
            ModelLines.spec(SPEC, "layer", "cosine", ".4f"),
            List.of(Table.of("agreement", "cosines", List.of("model", "layer", "cosine"), rows))));
  }
}
