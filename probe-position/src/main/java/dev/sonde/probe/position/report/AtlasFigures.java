package dev.sonde.probe.position.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import dev.sonde.probe.position.atlas.Atlas;
import dev.sonde.probe.position.atlas.Makeup;
import dev.sonde.probe.position.atlas.Pattern;
import dev.sonde.probe.position.estimate.Estimator;
import dev.sonde.probe.position.estimate.HeadFit;
import dev.sonde.probe.position.estimate.Survey;
import dev.sonde.probe.position.perturb.Head;
import dev.sonde.probe.position.perturb.Recovery;
import dev.sonde.probe.position.perturb.Substituted;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** All heads of a model, to be looked up: what they look at, and how far they are a sum. */
public final class AtlasFigures {
  /** Rows of the table: the heads that cost most. */
  private static final int SHOWN = 24;

  private static final String SPEC =
      """
      {
        "data": {"name": "atlas"}, CONFIG,
        "height": {"step": STEP}, "width": {"step": 44},
        "encoding": {
          "x": {"field": "head", "type": "ordinal", "title": "head", "axis": {"labelAngle": 0}},
          "y": {"field": "block", "type": "ordinal", "title": "block", "sort": "descending"},
          "tooltip": [{"field": "block"}, {"field": "head"}, {"field": "kind"},
                      {"field": "r", "format": ".3f", "title": "r, E3"},
                      {"field": "made", "title": "made of"},
                      {"field": "position", "format": ".3f", "title": "share of f"},
                      {"field": "gain", "format": ".3f", "title": "share of g"},
                      {"field": "rest", "format": ".3f", "title": "share of neither"},
                      {"field": "spread", "format": ".2f", "title": "logits move by, nats"},
                      {"field": "uniform", "format": ".5f", "title": "uniform costs, nats a token"},
                      {"field": "sum", "format": ".5f", "title": "f + g costs, nats a token"},
                      {"field": "previous", "format": ".2f"},
                      {"field": "duplicate", "format": ".2f"},
                      {"field": "induction", "format": ".2f"},
                      {"field": "retrieval", "format": ".2f"},
                      {"field": "local", "format": ".2f"}, {"field": "sink", "format": ".2f"}]
        },
        "layer": [
          {"mark": {"type": "rect", "stroke": "#D55E00"},
           "encoding": {"strokeWidth": {"condition": {"test": "datum.rest > REST", "value": 3},
                                        "value": 0},
                        "color": {"field": "r", "type": "quantitative",
                                  "scale": {"scheme": "viridis"},
                                  "legend": {"orient": "right", "title": "r, E3"}}}},
          {"mark": {"type": "text", "fontSize": 10},
           "encoding": {"text": {"field": "letter", "type": "nominal"},
                        "color": {"condition": {"test": "datum.r > THRESHOLD", "value": "black"},
                                  "value": "white"}}}
        ]
      }
      """;

  private AtlasFigures() {}

  /** Heads of a model: their shares, and their figures. */
  private record Row(Head head, Atlas atlas, Survey survey, Substituted substituted) {
    double of(ToDoubleFunction<HeadFit> figure) {
      return Means.of(survey.ofHead(head.layer(), head.head(), figure));
    }

    double r() {
      return of(fit -> fit.score(Estimator.E3).r());
    }

    /** What a substitute costs, nats a token; run where that was done, else to first order. */
    double cost(String substitute) {
      Recovery exact = substituted.exact().get(head);
      Recovery known = exact == null ? substituted.firstOrder().get(head) : exact;
      return known == null ? Double.NaN : known.nats(substitute);
    }

    String kind() {
      return atlas.kind(head).map(Pattern::key).orElse("");
    }

    String made() {
      return Makeup.of(survey, head).map(Makeup::words).orElse("");
    }

    List<Object> cells() {
      List<Object> cells = new ArrayList<>(List.of(head.layer(), head.head(), kind()));
      cells.add(atlas.kind(head).map(Pattern::letter).orElse(""));
      cells.add(made());
      for (double number :
          new double[] {
            r(),
            of(HeadFit::ofPosition),
            of(HeadFit::gainOfContent),
            of(HeadFit::rest),
            of(HeadFit::spread),
            cost("uniform"),
            cost("e3")
          }) {
        cells.add(cell(number));
      }
      for (Pattern pattern : Pattern.values()) {
        cells.add(cell(atlas.share(head, pattern)));
      }
      return cells;
    }

    private static Object cell(double number) {
      return Double.isFinite(number) ? (Object) number : "";
    }
  }

  private static final List<String> COLUMNS = columns();

  private static List<String> columns() {
    List<String> columns =
        new ArrayList<>(
            List.of(
                "block",
                "head",
                "kind",
                "letter",
                "made",
                "r",
                "position",
                "gain",
                "rest",
                "spread",
                "uniform",
                "sum"));
    Arrays.stream(Pattern.values()).map(Pattern::key).forEach(columns::add);
    return List.copyOf(columns);
  }

  private static List<Row> rows(Atlas atlas, Survey survey, Substituted substituted) {
    return atlas.shares().keySet().stream()
        .map(head -> new Row(head, atlas, survey, substituted))
        .toList();
  }

  /** The map. */
  public static Figure map(Atlas atlas, Survey survey, Substituted substituted) {
    List<Row> rows = rows(atlas, survey, substituted);
    double middle = rows.stream().mapToDouble(Row::r).filter(Double::isFinite).average().orElse(0);
    String letters =
        Arrays.stream(Pattern.values())
            .map(p -> "%s %s (%s)".formatted(p.letter(), p.key(), p.words()))
            .collect(Collectors.joining(", "));
    String spec =
        SPEC.replace("STEP", survey.layers() > 20 ? "15" : "24")
            .replace("REST", String.valueOf(1 - Makeup.ENOUGH))
            .replace("THRESHOLD", String.valueOf(middle));
    return Figures.figure(
        "atlas",
        "Atlas of heads",
        ("Each cell is a head. Its colour says how far its logits are f + g (E3); its letter what it"
                + " looks at most, if much: %s. Framed are bound ones, of whose logits f + g explain less"
                + " than %.0f %% within rows. What they are made of, and further figures, on pointing.")
            .formatted(letters, 100 * Makeup.ENOUGH),
        spec,
        Table.of("atlas", "heads", COLUMNS, rows.stream().map(Row::cells).toList()));
  }

  /** The heads that uniform attention in them alone costs most. */
  public static Table table(Atlas atlas, Survey survey, Substituted substituted) {
    List<List<Object>> cells =
        rows(atlas, survey, substituted).stream()
            .sorted(Comparator.comparingDouble(row -> -orZero(Math.abs(row.cost("uniform")))))
            .limit(SHOWN)
            .map(AtlasFigures::shown)
            .toList();
    return Table.of(
        "heads",
        "Heads that matter most: what uniform attention and f + g in them alone cost, nats a token",
        List.of(
            "head",
            "looks at",
            "made of",
            "r, E3",
            "share of f",
            "share of g",
            "spread, nats",
            "uniform",
            "f + g",
            "loss recovered"),
        cells);
  }

  private static double orZero(double number) {
    return Double.isFinite(number) ? number : 0;
  }

  private static List<Object> shown(Row row) {
    double uniform = row.cost("uniform");
    double recovered = uniform > 0 ? 1 - row.cost("e3") / uniform : Double.NaN;
    String looks = row.atlas().kind(row.head()).map(Pattern::words).orElse("");
    return List.of(
        row.head().toString(),
        looks,
        row.made(),
        Row.cell(row.r()),
        Row.cell(row.of(HeadFit::ofPosition)),
        Row.cell(row.of(HeadFit::gainOfContent)),
        Row.cell(row.of(HeadFit::spread)),
        Row.cell(uniform),
        Row.cell(row.cost("e3")),
        Row.cell(recovered));
  }

  /** The heads of each kind, most of it first. */
  static SequencedMap<Pattern, List<Head>> byKind(Atlas atlas) {
    SequencedMap<Pattern, List<Head>> kinds = new LinkedHashMap<>();
    for (Pattern pattern : Pattern.values()) {
      kinds.put(
          pattern,
          atlas.shares().keySet().stream()
              .filter(head -> atlas.kind(head).filter(pattern::equals).isPresent())
              .sorted(Comparator.comparingDouble(head -> -atlas.share(head, pattern)))
              .toList());
    }
    return kinds;
  }
}
