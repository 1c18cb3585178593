package dev.sonde.probe.position.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import dev.sonde.probe.position.perturb.Recovery;
import dev.sonde.probe.position.perturb.Substituted;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What other logits keep of what attention does. */
public final class RecoveryFigures {
  /** What stands in place of the logits, in words, in the order in which it is drawn. */
  static final Map<String, String> WORDS = words();

  private static final String EVERYWHERE =
      """
      {
        "data": {"name": "recovered"}, CONFIG,
        "width": "container", "height": {"step": 30},
        "encoding": {
          "y": {"field": "logits", "type": "nominal", "sort": null,
                "title": "in place of the logits of all blocks", "axis": {"labelLimit": 260}},
          "tooltip": [{"field": "logits"}, {"field": "share", "format": ".3f"},
                      {"field": "low", "format": ".3f"}, {"field": "high", "format": ".3f"},
                      {"field": "ratio", "format": ".2f", "title": "perplexity over the model's own"}]
        },
        "layer": [
          {"mark": "rule",
           "encoding": {"x": {"field": "low", "type": "quantitative",
                              "scale": {"domainMax": 1.2, "nice": false},
                              "title": "share of the loss recovered: 0 uniform attention, 1 the model's own"},
                        "x2": {"field": "high"}}},
          {"mark": {"type": "point", "filled": true, "size": 90, "color": "#0072B2"},
           "encoding": {"x": {"field": "share", "type": "quantitative"}}},
          {"mark": {"type": "text", "align": "left", "dx": 10, "dy": -9},
           "encoding": {"x": {"field": "share", "type": "quantitative"},
                        "text": {"field": "label", "type": "nominal"}}}
        ]
      }
      """;

  private static final String BLOCKS =
      """
      {
        "data": {"name": "blocks"}, CONFIG,
        "width": "container", "height": 260,
        "encoding": {
          "x": {"field": "block", "type": "quantitative", "title": "block, alone",
                "axis": {"tickMinStep": 1}},
          "color": {"field": "logits", "type": "nominal"},
          "strokeDash": {"field": "logits", "type": "nominal"}
        },
        "layer": [
          {"mark": {"type": "rule", "opacity": 0.6},
           "encoding": {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}},
          {"mark": {"type": "line", "point": {"size": 40}},
           "encoding": {"y": {"field": "nats", "type": "quantitative",
                              "scale": {"type": "symlog", "constant": 0.01},
                              "title": "loss added, nats a token"},
                        "tooltip": [{"field": "block"}, {"field": "logits"},
                                    {"field": "nats", "format": ".4f"},
                                    {"field": "recovered", "format": ".3f",
                                     "title": "share recovered"}]}}
        ]
      }
      """;

  private RecoveryFigures() {}

  private static Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("e3", "f + g (E3)");
    words.put("e4", "f + g from slow planes (E4)");
    words.put("e1", "distance + query + key (E1)");
    words.put("g", "content alone (g)");
    words.put("f", "position alone (f)");
    words.put("shuffled", "f, g of other keys");
    words.put("uniform", "nothing: uniform attention");
    return words;
  }

  /** All that there are. */
  public static List<Figure> all(Substituted substituted) {
    List<Figure> figures = new ArrayList<>();
    substituted.ofFirst().ifPresent(recovery -> figures.add(everywhere(recovery)));
    if (!substituted.blocks().isEmpty()) {
      figures.add(blocks(substituted));
    }
    return figures;
  }

  /** In all blocks at once. */
  static Figure everywhere(Recovery recovery) {
    List<List<Object>> rows = new ArrayList<>();
    WORDS.forEach(
        (name, words) -> {
          if (recovery.changes().containsKey(name)) {
            Estimate share = recovery.share(name);
            double ratio = Math.exp(recovery.nats(name));
            rows.add(
                List.of(
                    words,
                    share.value(),
                    low(share),
                    high(share),
                    ratio,
                    "%.0f %%, perplexity × %s".formatted(100 * share.value(), times(ratio))));
          }
        });
    return Figures.figure(
        "recovered",
        "What of attention a sum keeps",
        "Other logits in all blocks and heads of the running model, and how much of the loss between"
            + " uniform attention and the model's own they recover; 95 % intervals over texts.",
        EVERYWHERE,
        Table.of(
            "recovered",
            "loss recovered",
            List.of("logits", "share", "low", "high", "ratio", "label"),
            rows));
  }

  static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.0f", ratio);
  }

  private static double low(Estimate estimate) {
    return estimate.interval().exists() ? estimate.low() : estimate.value();
  }

  private static double high(Estimate estimate) {
    return estimate.interval().exists() ? estimate.high() : estimate.value();
  }

  /** In one block at a time. */
  static Figure blocks(Substituted substituted) {
    List<List<Object>> rows = new ArrayList<>();
    for (int layer = 0; layer < substituted.blocks().size(); layer++) {
      Recovery recovery = substituted.blocks().get(layer);
      for (String name : List.of("uniform", "e3")) {
        Estimate cost = recovery.cost(name);
        Object share = recovery.isWorth() ? (Object) recovery.share(name).value() : "";
        String words = WORDS.getOrDefault(name, name);
        rows.add(List.of(layer, words, cost.value(), low(cost), high(cost), share));
      }
    }
    return Figures.figure(
        "recovered-blocks",
        "Block by block",
        "Other logits in one block alone, the others running as they do: what uniform attention"
            + " costs there, and what f + g costs; 95 % intervals over texts.",
        BLOCKS,
        Table.of(
            "blocks",
            "loss added",
            List.of("block", "logits", "nats", "low", "high", "recovered"),
            rows));
  }
}
