package dev.sonde.probe.stepimportance.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.cohort.SearchedChain;
import dev.sonde.probe.stepimportance.predict.GridCell;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchResult.Label;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The chains, matrices and sizes that the report shows. */
public final class Illustrations {
  /** Shades of a kind of step begin here and end at the next kind's. */
  private static final double IMPORTANT = 0.7;

  private static final double UNLABELLED = 0.3;
  private static final double REMOVABLE = 0;

  /** Ties weaker than this are not drawn. */
  private static final double FAINT = 0.005;

  private static final String READING =
      "Shades say the label first (important darkest, then unlabelled, then removable), within it the mean influence on later steps. Move with the arrow keys, hover or press: for earlier steps, their share of the influence on this one; for later steps, this one's share of the influence on them.";

  private static final String HEAT_MAP =
      """
      {"data": {"name": "cells"}, "width": {"step": 22}, "height": {"step": 22},
       "mark": {"type": "rect", "tooltip": true},
       "encoding": {
         "x": {"field": "source", "type": "ordinal", "title": "source step"},
         "y": {"field": "target", "type": "ordinal", "title": "target step"},
         "color": {"field": "share", "type": "quantitative", "title": "share of the target's influence",
                   "scale": {"scheme": "viridis", "domain": [0, 1]}}}}
      """;

  private static final String SIZES =
      """
      {"data": {"name": "sizes"}, "width": "container", "height": 110,
       "mark": {"type": "bar", "tooltip": true},
       "encoding": {
         "row": {"field": "variant", "type": "nominal", "title": null},
         "x": {"field": "share", "bin": {"step": 0.1, "extent": [0, 1]}, "type": "quantitative",
               "title": "core as a share of the sufficient prefix"},
         "y": {"aggregate": "count", "type": "quantitative", "title": "chains"}}}
      """;

  private static final String GRID =
      """
      {"data": {"name": "grid"}, "width": {"step": 90}, "height": {"step": 22},
       "encoding": {
         "x": {"field": "position", "type": "nominal", "title": "tokens of the step", "sort": ["first", "middle", "last", "mean"]},
         "y": {"field": "layer", "type": "ordinal", "title": "block", "sort": "descending"}},
       "layer": [
         {"mark": {"type": "rect", "tooltip": true},
          "encoding": {"color": {"field": "accuracy", "type": "quantitative",
            "scale": {"scheme": "viridis", "domain": [0.5, 1], "clamp": true}}}},
         {"mark": {"type": "text", "fontSize": 11},
          "encoding": {"text": {"field": "accuracy", "type": "quantitative", "format": ".2f"},
            "color": {"condition": {"test": "datum.accuracy > 0.75", "value": "#000"}, "value": "#fff"}}}]}
      """;

  private final Report report;
  private final List<SearchVariant> variants;

  /** Illustrations in a report. */
  public Illustrations(Report report, List<SearchVariant> variants) {
    this.report = report;
    this.variants = List.copyOf(variants);
  }

  /** Shows some chains, the first chain's matrix, and all sizes. */
  public void of(List<SearchedChain> found, int shown) {
    SearchVariant variant = variants.getFirst();
    for (SearchedChain each : found.subList(0, Math.min(shown, found.size()))) {
      passage(each, variant);
    }
    found.stream()
        .limit(shown)
        .filter(each -> each.core(variant).influence().isPresent())
        .findFirst()
        .ifPresent(each -> heatMap(each, variant));
    sizes(found);
  }

  private void passage(SearchedChain each, SearchVariant variant) {
    SearchResult result = each.result();
    SearchResult.Core core = each.core(variant);
    List<Passage.Part> parts = new ArrayList<>();
    for (int step = 0; step < result.chain().size(); step++) {
      parts.add(part(result, core, step));
    }
    report.passage(
        Passage.of(
            "chain-" + result.chain().id(),
            "Chain %s, answer %s (%s)".formatted(result.chain().id(), each.answer(), variant),
            READING,
            result.chain().prompt(),
            parts));
  }

  private static Passage.Part part(SearchResult result, SearchResult.Core core, int step) {
    Label label = result.label(core, step);
    String text = result.chain().steps().get(step).text();
    double strength = core.influence().map(matrix -> relative(matrix, step)).orElse(0.0);
    return Passage.Part.of(
        text,
        label.toString(),
        rounded(shade(label, strength)),
        remark(label, result, core),
        core.influence().map(matrix -> links(matrix, step)).orElse(Map.of()));
  }

  private static double shade(Label label, double strength) {
    return switch (label) {
      case IMPORTANT -> IMPORTANT + (1 - IMPORTANT) * strength;
      case UNLABELLED -> UNLABELLED + (IMPORTANT - UNLABELLED) * strength / 2;
      case REMOVABLE -> REMOVABLE + (UNLABELLED - REMOVABLE) * strength / 2;
      case SHORTCUT, AFTER -> 0;
    };
  }

  private static String remark(Label label, SearchResult result, SearchResult.Core core) {
    return switch (label) {
      case IMPORTANT -> important(core);
      case UNLABELLED ->
          core.influence().isPresent()
              ? "unlabelled: influence kept it, the queue removed it."
              : "unlabelled: some orders of the queue removed it, others did not.";
      case REMOVABLE -> "removable: the answer is reached without it.";
      case SHORTCUT -> "shortcut: it gives the answer away alone, and was taken out.";
      case AFTER ->
          "after prefix: the %d steps of the sufficient prefix need no more."
              .formatted(result.prefix().size());
    };
  }

  private static String important(SearchResult.Core core) {
    String tested =
        "the core: sufficiency %.1f, attainability %.2f"
            .formatted(core.tested().sufficiency(), core.tested().attainability());
    if (!core.passes()) {
      return "kept, though what was kept fails a test itself (%s).".formatted(tested);
    }
    if (core.removedNothing()) {
      return "kept: nothing of what the queue began with could be removed (%s).".formatted(tested);
    }
    return "important: without it the other %d of the core fail a test (%s)."
        .formatted(core.core().size() - 1, tested);
  }

  private static int row(InfluenceMatrix matrix, int step) {
    return IntStream.range(0, matrix.size())
        .filter(row -> matrix.steps()[row] == step)
        .findFirst()
        .orElse(-1);
  }

  /** A step's mean influence on later steps, of the largest. */
  private static double relative(InfluenceMatrix matrix, int step) {
    int row = row(matrix, step);
    double largest =
        IntStream.range(0, matrix.size()).mapToDouble(matrix::meanOnLater).max().orElse(0);
    return row < 0 || largest == 0 ? 0 : matrix.meanOnLater(row) / largest;
  }

  private static Map<Integer, Double> links(InfluenceMatrix matrix, int step) {
    int row = row(matrix, step);
    Map<Integer, Double> links = new LinkedHashMap<>();
    if (row < 0) {
      return links;
    }
    for (int other = 0; other < matrix.size(); other++) {
      double share =
          other < row ? share(matrix, row, other) : other > row ? share(matrix, other, row) : 0;
      if (share >= FAINT && matrix.steps()[other] >= 0) {
        links.put(matrix.steps()[other], rounded(share));
      }
    }
    return links;
  }

  private static double share(InfluenceMatrix matrix, int target, int source) {
    double total = matrix.total(target);
    return total == 0 ? 0 : matrix.cells()[target][source] / total;
  }

  private static double rounded(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.4f", value));
  }

  private void heatMap(SearchedChain each, SearchVariant variant) {
    Optional<InfluenceMatrix> influence = each.core(variant).influence();
    List<List<Object>> rows = new ArrayList<>();
    influence.ifPresent(
        matrix -> {
          for (int target = 1; target < matrix.size(); target++) {
            for (int source = 0; source < target; source++) {
              rows.add(
                  List.of(
                      name(matrix, target),
                      name(matrix, source),
                      rounded(share(matrix, target, source))));
            }
          }
        });
    String id = each.result().chain().id();
    report.figure(
        Figure.of(
            "influence",
            "Influence in chain " + id,
            "How strongly each step bears on each later one (%s), as a share of all influence on the later one."
                .formatted(variant),
            HEAT_MAP,
            List.of(Table.of("cells", "cells", List.of("target", "source", "share"), rows))));
  }

  private static String name(InfluenceMatrix matrix, int row) {
    int step = matrix.steps()[row];
    return step < 0 ? "answer" : "%02d".formatted(step + 1);
  }

  private void sizes(List<SearchedChain> found) {
    List<List<Object>> rows = new ArrayList<>();
    for (SearchedChain each : found) {
      for (SearchVariant variant : variants) {
        rows.add(List.of(variant.toString(), rounded(each.share(variant))));
      }
    }
    report.figure(
        Figure.of(
            "core-sizes",
            "How much of the prefix the core is",
            "Chains by the core's share of the sufficient prefix, one row of bars per variant of the search.",
            SIZES,
            List.of(Table.of("sizes", "sizes", List.of("variant", "share"), rows))));
  }

  /** Shows which blocks and tokens tell importance. */
  public void grid(List<GridCell> cells) {
    if (cells.isEmpty()) {
      return;
    }
    List<List<Object>> rows =
        cells.stream()
            .map(cell -> List.<Object>of(cell.layer(), cell.position(), rounded(cell.accuracy())))
            .toList();
    report.figure(
        Figure.of(
            "probe-grid",
            "Where a step's importance can be read",
            "Held-out accuracy (grouped split, balanced classes, 0.5 is chance) of ridge regression on one block at one position of the step.",
            GRID,
            List.of(Table.of("grid", "grid", List.of("layer", "position", "accuracy"), rows))));
  }
}
