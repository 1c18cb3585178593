package dev.sonde.probe.position.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import dev.sonde.probe.position.perturb.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All that was done to texts, positions and distances, in one figure, each with its null. */
public final class PerturbationFigure {
  private static final String SPEC =
      """
      {
        "data": {"name": "perturbed"}, CONFIG,
        "width": "container", "height": {"step": 16},
        "encoding": {
          "y": {"field": "what", "type": "nominal", "sort": null, "title": null,
                "axis": {"labelLimit": 330}},
          "color": {"field": "kind", "type": "nominal", "sort": null},
          "tooltip": [{"field": "what"}, {"field": "kind"}, {"field": "ratio", "format": ".3f"},
                      {"field": "low", "format": ".3f"}, {"field": "high", "format": ".3f"}]
        },
        "layer": [
          {"mark": "rule",
           "encoding": {"x": {"field": "low", "type": "quantitative", "scale": {"type": "log", "nice": false},
                              "title": "perplexity over that of the text as it is"},
                        "x2": {"field": "high"}}},
          {"mark": {"type": "point", "filled": true, "size": 60},
           "encoding": {"x": {"field": "ratio", "type": "quantitative"}}}
        ]
      }
      """;

  /** What each kind does, in words. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("order", "tokens swapped"),
          Map.entry("order.replaced", "other tokens in their place"),
          Map.entry("words", "words swapped"),
          Map.entry("words.replaced", "other tokens in their place"),
          Map.entry("sentences", "sentences in another order"),
          Map.entry("sentences.alone", "sentences that see nothing before them"),
          Map.entry("positions", "positions swapped"),
          Map.entry("jitter", "distances jittered"),
          Map.entry("constant_distance", "all keys at one distance"),
          Map.entry("shifted_distance", "keys farther away by"),
          Map.entry("clipped_distance", "no key farther away than"));

  private PerturbationFigure() {}

  /** The figure, of the first model. */
  public static Figure of(List<Effect> effects, int window) {
    List<List<Object>> rows = new ArrayList<>();
    for (Effect effect : effects) {
      String words = WORDS.get(effect.perturbation());
      boolean shown =
          words != null
              && effect.model().equals(effects.getFirst().model())
              && effect.condition().fraction() > 0
              && Double.isFinite(effect.ratio());
      if (shown) {
        boolean known = effect.interval().exists();
        rows.add(
            List.of(
                label(effect, window),
                isNull(effect) ? "null" : "perturbed",
                effect.ratio(),
                known ? effect.interval().low() : effect.ratio(),
                known ? effect.interval().high() : effect.ratio()));
      }
    }
    return Figures.figure(
        "perturbations",
        "What perturbations do",
        "Perplexity ratio with 95 % intervals over texts, on the same tokens with and without:"
            + " those that did not move, of sentences all but the first. Beside each stands its null:"
            + " other tokens in the same places, sentences without what was before them; of positions"
            + " and distances all keys at distance 0, where content alone is left.",
        SPEC,
        Table.of(
            "perturbed",
            "perplexity ratios",
            List.of("what", "kind", "ratio", "low", "high"),
            rows));
  }

  private static boolean isNull(Effect effect) {
    boolean nowhere =
        effect.perturbation().equals("constant_distance") && effect.at("distance") == 0;
    return nowhere || effect.perturbation().contains(".");
  }

  private static String label(Effect effect, int window) {
    String words = WORDS.getOrDefault(effect.perturbation(), effect.perturbation());
    Map<String, Integer> where = effect.condition().where();
    double share = effect.condition().fraction();
    if (where.containsKey("distance")) {
      return "%s %d".formatted(words, effect.at("distance"));
    }
    String percent = share < 1 ? String.format(Locale.ROOT, ", %.0f %%", 100 * share) : "";
    if (!where.containsKey("reach")) {
      return words + percent;
    }
    String base = effect.perturbation().replaceAll("\\..*", "");
    String of = base.equals(effect.perturbation()) ? "" : " (" + base + ")";
    String range = effect.at("reach") < window ? "within " + effect.at("reach") : "anywhere";
    return "%s%s%s, %s".formatted(words, of, percent, range);
  }
}
