package dev.sonde.probe.position.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Table;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.estimate.Shares;
import dev.sonde.probe.position.estimate.TextMaps;
import dev.sonde.probe.position.perturb.Head;
import dev.sonde.probe.position.read.CausalPairs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A text as a head sees it: its logits as position, meaning and the rest; and where it looks
 * against where f + g would have it look.
 *
 * @param head whose logits they are
 * @param called what kind of head it is, in words; may be empty
 * @param block it belongs to, for texts of this length
 * @param map what was found
 * @param tokens of the text, those left out at its beginning not among them
 * @param shown how many tokens are drawn, up to the one at which f + g looks elsewhere most
 */
public record MapFigures(
    Head head,
    String called,
    AttentionBlock block,
    TextMaps.Head map,
    List<String> tokens,
    int shown) {
  /** Tokens of an example, at most. */
  private static final int LONGEST_EXAMPLE = 96;

  private static final String SPEC =
      """
      {
        "data": {"name": "cells"}, CONFIG,
        "facet": {"field": "part", "type": "nominal", "title": null,
                  "sort": ["logits", "position, f", "meaning, g", "rest"]},
        "columns": 2,
        "spec": {
          "width": {"step": 9}, "height": {"step": 9},
          "mark": "rect",
          "encoding": {
            "x": {"field": "key", "type": "ordinal", "title": "key",
                  "axis": {"labels": false, "ticks": false}},
            "y": {"field": "query", "type": "ordinal", "title": "query",
                  "axis": {"labels": false, "ticks": false}},
            "color": {"field": "nats", "type": "quantitative",
                      "scale": {"scheme": "blueorange", "domainMid": 0},
                      "legend": {"orient": "right", "title": "nats"}},
            "tooltip": [{"field": "part"}, {"field": "of", "title": "query"},
                        {"field": "at", "title": "key"}, {"field": "nats", "format": ".2f"}]
          }
        }
      }
      """;

  /** The logits as three maps beside their own, rows centred. */
  public Figure maps() {
    double[] logits = pairs().centred(map.logits());
    double[] position = pairs().centred(map.position());
    double[] sum = pairs().centred(map.sum());
    List<List<Object>> rows = new ArrayList<>();
    int last = farthest();
    add(rows, "logits", logits, last);
    add(rows, "position, f", position, last);
    add(rows, "meaning, g", less(sum, position), last);
    add(rows, "rest", less(logits, sum), last);
    return Figures.figure(
        "map-" + head.layer() + "-" + head.head(),
        "Head %s%s on a text: logits = position + meaning + rest".formatted(head, named()),
        "Rows are the tokens that look, columns those that are looked at, nats within rows (a softmax"
            + " does not see what a row shares). The last row is the token of the text at which f + g"
            + " looks elsewhere most. Words on pointing.",
        SPEC,
        Table.of("cells", "cells", List.of("part", "query", "key", "of", "at", "nats"), rows));
  }

  private String named() {
    return called.isEmpty() ? "" : " (" + called + ")";
  }

  private CausalPairs pairs() {
    return block.pairs();
  }

  private static double[] less(double[] x, double[] y) {
    double[] rest = x.clone();
    for (int i = 0; i < rest.length; i++) {
      rest[i] -= y[i];
    }
    return rest;
  }

  private void add(List<List<Object>> rows, String part, double[] cells, int last) {
    int first = Math.max(0, last - shown + 1);
    for (int query = first; query <= last; query++) {
      int from = pairs().from(query);
      for (int key = Math.max(first, from); key <= query; key++) {
        double nats = cells[pairs().start(query) + key - from];
        rows.add(List.of(part, query, key, tokens.get(query), tokens.get(key), rounded(nats)));
      }
    }
  }

  private static double rounded(double nats) {
    return Math.round(nats * 1000) / 1000.0;
  }

  /** The query at which f + g would look elsewhere most, with what it looks at. */
  public Passage example() {
    double[] own = Shares.of(pairs(), map.logits(), block.cap()).values();
    double[] other = Shares.of(pairs(), map.sum(), block.cap()).values();
    int query = farthest();
    int from = pairs().from(query);
    List<Passage.Part> parts = new ArrayList<>();
    for (int token = Math.max(0, query - LONGEST_EXAMPLE + 1); token <= query; token++) {
      double looked = token < from ? 0 : own[pairs().start(query) + token - from];
      double summed = token < from ? 0 : other[pairs().start(query) + token - from];
      parts.add(
          Passage.Part.of(
              tokens.get(token) + (token == query ? "" : " "),
              token == query ? "the one that looks" : "looked at",
              looked,
              String.format(Locale.ROOT, "attention %.2f, by f + g %.2f", looked, summed),
              Map.of()));
    }
    return Passage.of(
        "looks-" + head.layer() + "-" + head.head(),
        "Where head %s%s looks, and f + g would not".formatted(head, named()),
        "What the last token looks at, the first token of the text aside; what f + g would have it"
            + " look at instead, on pointing.",
        "",
        parts);
  }

  /** The query whose shares differ most, by half the sum of their differences. */
  private int farthest() {
    double[] own = Shares.of(pairs(), map.logits(), block.cap()).values();
    double[] other = Shares.of(pairs(), map.sum(), block.cap()).values();
    int farthest = 0;
    double most = -1;
    for (int query = 0; query < pairs().size(); query++) {
      double apart = 0;
      for (int cell = pairs().start(query); cell < pairs().start(query + 1); cell++) {
        apart += Math.abs(own[cell] - other[cell]) / 2;
      }
      if (apart > most) {
        most = apart;
        farthest = query;
      }
    }
    return farthest;
  }
}
