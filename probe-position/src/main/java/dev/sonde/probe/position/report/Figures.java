package dev.sonde.probe.position.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.estimate.Estimator;
import dev.sonde.probe.position.estimate.HeadFit;
import dev.sonde.probe.position.estimate.Survey;
import dev.sonde.probe.position.perturb.Effect;
import dev.sonde.probe.position.perturb.LongContexts;
import dev.sonde.probe.position.perturb.Perturbation;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** The figures of the report. */
public final class Figures {
  /** Colours that stay apart for the colour-blind (Okabe and Ito 2008). */
  private static final String CONFIG =
      """
      "config": {"range": {"category": ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
                                        "#56B4E9"]},
                 "legend": {"orient": "top", "title": null, "symbolOpacity": 1, "labelLimit": 260}}
      """;

  private static final String MAP =
      """
      {
        "data": {"name": "heads"}, CONFIG,
        "facet": {"column": {"field": "model", "type": "nominal", "title": null,
                             "sort": ["trained", "random_init"]}},
        "spec": {
          "width": 330, "height": {"step": STEP},
          "mark": "rect",
          "encoding": {
            "x": {"field": "head", "type": "ordinal", "title": "head", "axis": {"labelAngle": 0}},
            "y": {"field": "layer", "type": "ordinal", "title": "block", "sort": "descending"},
            "color": {"field": "value", "type": "quantitative",
                      "scale": {"scheme": "viridis"},
                      "legend": {"orient": "right", "title": "TITLE"}},
            "tooltip": [{"field": "model"}, {"field": "layer"}, {"field": "head"},
                        {"field": "value", "format": ".3f"}]
          }
        }
      }
      """;

  private static final String CURVES =
      """
      {
        "data": {"name": "curves"}, CONFIG,
        "facet": {"column": {"field": "model", "type": "nominal", "title": null,
                             "sort": ["trained", "random_init"]}},
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
          "width": 350, "height": 260,
          "mark": {"type": "line", "point": {"size": 20}},
          "encoding": {
            "x": {"field": "distance", "type": "quantitative", "scale": {"type": "symlog"},
                  "title": "distance, tokens"},
            "y": {"field": "f", "type": "quantitative", "title": "f, less f at distance 0"},
            "color": {"field": "block", "type": "nominal"},
            "strokeDash": {"field": "block", "type": "nominal"},
            "tooltip": [{"field": "model"}, {"field": "block"}, {"field": "distance"},
                        {"field": "f", "format": ".3f"}]
          }
        }
      }
      """;

  private static final String PLANES =
      """
      {
        "width": "container", "height": 280, CONFIG,
        "layer": [
          {
            "data": {"name": "planes"},
            "mark": {"type": "line", "point": {"size": 30}},
            "encoding": {
              "x": {"field": "period", "type": "quantitative", "scale": {"type": "log"},
                    "title": "tokens a turn of the plane takes"},
              "y": {"field": "ratio", "type": "quantitative", "scale": {"type": "log"},
                    "title": "offset ratio ρ = |mean| / deviation"},
              "color": {"field": "series", "type": "nominal"},
              "strokeDash": {"field": "series", "type": "nominal"},
              "tooltip": [{"field": "series"}, {"field": "period", "format": ".1f"},
                          {"field": "ratio", "format": ".3f"},
                          {"field": "share", "format": ".3f", "title": "energy share"}]
            }
          },
          {
            "data": {"name": "slow"},
            "mark": {"type": "rule", "strokeDash": [2, 3]},
            "encoding": {"x": {"field": "period", "type": "quantitative"}}
          },
          {
            "data": {"name": "slow"},
            "mark": {"type": "text", "align": "left", "dx": 4, "y": 8},
            "encoding": {"x": {"field": "period", "type": "quantitative"},
                         "text": {"field": "label", "type": "nominal"}}
          }
        ]
      }
      """;

  private static final String RATIOS =
      """
      {
        "data": {"name": "ratios"}, CONFIG,
        "facet": {"column": {"field": "model", "type": "nominal", "title": null,
                             "sort": ["trained", "random_init"]}},
        "spec": {
          "width": 350, "height": 260,
          "encoding": {
            "x": {"field": "x", "type": "quantitative", "title": "XTITLE",
                  "scale": {"type": "XSCALE"}},
            "color": {"field": "perturbation", "type": "nominal"},
            "strokeDash": {"field": "perturbation", "type": "nominal"}
          },
          "layer": [
            {
              "mark": {"type": "rule", "opacity": 0.5},
              "encoding": {
                "y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}
              }
            },
            {
              "mark": {"type": "line", "point": {"size": 40}},
              "encoding": {
                "y": {"field": "ratio", "type": "quantitative", "scale": {"type": "log"},
                      "title": "perplexity over that of the text as it is"},
                "tooltip": [{"field": "perturbation"}, {"field": "x"},
                            {"field": "ratio", "format": ".3f"},
                            {"field": "low", "format": ".3f"}, {"field": "high", "format": ".3f"}]
              }
            }
          ]
        }
      }
      """;

  /** Height of a block's row in the maps, in pixels, where there are few and many. */
  private static final int TALL = 22;

  private static final int FLAT = 11;
  private static final int MANY = 20;

  /** Blocks whose f is drawn, evenly spread. */
  private static final int DRAWN_BLOCKS = 6;

  private Figures() {}

  static Figure figure(String name, String title, String caption, String spec, Table... tables) {
    return Figure.of(name, title, caption, spec.replace("CONFIG", CONFIG), List.of(tables));
  }

  /** What content adds to position, head by head. */
  public static Figure gains(List<Survey> surveys) {
    return map(
        "gain",
        "What content adds to position, head by head",
        "R² of f + g (E3) less R² of f alone, of row-centred logits, the mean over texts. Where the"
            + " fresh model's map is as bright, the architecture does it, not training.",
        "gain in R²",
        surveys,
        HeadFit::gainOfContent);
  }

  /** r of E3, head by head. */
  public static Figure correlations(List<Survey> surveys) {
    return map(
        "r-e3",
        "r of f + g (E3), head by head",
        "Pearson's r of the logits with f(q, d) + g(q, k) by marginals over dummy distances, the mean"
            + " over texts. It ignores scale: the fresh model's logits hardly move.",
        "r, E3",
        surveys,
        fit -> fit.score(Estimator.E3).r());
  }

  private static Figure map(
      String name,
      String title,
      String caption,
      String legend,
      List<Survey> surveys,
      ToDoubleFunction<HeadFit> figure) {
    List<List<Object>> rows = new ArrayList<>();
    for (Survey survey : surveys) {
      for (int layer = 0; layer < survey.layers(); layer++) {
        for (int head = 0; head < survey.heads(); head++) {
          double value = Means.of(survey.ofHead(layer, head, figure));
          if (Double.isFinite(value)) {
            rows.add(List.of(survey.name(), layer, head, value));
          }
        }
      }
    }
    int step = surveys.getFirst().layers() > MANY ? FLAT : TALL;
    return figure(
        name,
        title,
        caption,
        MAP.replace("STEP", String.valueOf(step)).replace("TITLE", legend),
        Table.of("heads", "heads", List.of("model", "layer", "head", "value"), rows));
  }

  /** f over distance, the mean over heads and queries of some blocks. */
  public static Figure distances(List<Survey> surveys) {
    List<List<Object>> rows = new ArrayList<>();
    for (Survey survey : surveys) {
      int last = survey.layers() - 1;
      TreeSet<Integer> drawn = new TreeSet<>();
      for (int i = 0; i < DRAWN_BLOCKS; i++) {
        drawn.add(Math.round((float) i * last / (DRAWN_BLOCKS - 1)));
      }
      for (int layer : drawn) {
        AttentionBlock block = survey.block(layer);
        if (!block.turning()) {
          continue;
        }
        double[] offset = survey.meanOffset(layer);
        double none = f(block, offset, 0);
        for (int distance : spread(block.pairs().distances())) {
          double f = f(block, offset, distance) - none;
          if (Double.isFinite(f)) {
            rows.add(List.of(survey.name(), "block " + layer, distance, f));
          }
        }
      }
    }
    return figure(
        "distance",
        "f over distance",
        "The part that knows the distance: w(d, q, κ) with κ the mean key so far (E3), the mean over"
            + " queries, heads and texts of some blocks. The paper's f depends on q; this is its mean.",
        CURVES,
        Table.of("curves", "f", List.of("model", "block", "distance", "f"), rows));
  }

  /** {@code Σ_m Re (o_m e^{i d θ_m})}. */
  private static double f(AttentionBlock block, double[] offset, int distance) {
    int count = block.planes().count();
    double sum = 0;
    for (int plane = 0; plane < count; plane++) {
      sum += offset[plane] * block.rotations().cos(distance, plane);
      sum -= offset[count + plane] * block.rotations().sin(distance, plane);
    }
    return sum;
  }

  /** Distances, all near ones and few far ones. */
  private static List<Integer> spread(int distances) {
    List<Integer> spread = new ArrayList<>();
    for (int distance = 0; distance < distances; distance += 1 + distance / 8) {
      spread.add(distance);
    }
    return spread;
  }

  /** Offset ratios over the planes, medians over heads and blocks. */
  public static Figure planes(List<Survey> surveys, int window, double slowAngle) {
    List<List<Object>> rows = new ArrayList<>();
    for (Survey survey : surveys) {
      AttentionBlock block = survey.block(0);
      double[] share = survey.energyShare();
      for (String side : List.of("keys", "queries")) {
        for (int plane = 0; plane < block.planes().count(); plane++) {
          double frequency = block.planes().frequency(plane);
          double ratio = survey.offsetRatio(side.equals("keys"), plane);
          if (frequency > 0 && Double.isFinite(ratio)) {
            rows.add(
                List.of(side + ", " + survey.name(), 2 * Math.PI / frequency, ratio, share[plane]));
          }
        }
      }
    }
    double period = 2 * Math.PI * window / slowAngle;
    return figure(
        "planes",
        "Constant parts over rotary planes",
        "How long the mean query or key of a plane is beside what varies round it; medians over heads"
            + " and blocks. The mechanism (reconstructed) wants it high for keys where planes turn fast.",
        PLANES,
        Table.of("planes", "planes", List.of("series", "period", "ratio", "share"), rows),
        Table.of(
            "slow",
            "slow planes",
            List.of("period", "label"),
            List.of(List.of(period, "slow planes →"))));
  }

  /** Perplexity over the length of the context. */
  public static Figure lengths(List<Effect> effects) {
    List<List<Object>> rows = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect.perturbation().startsWith(Perturbation.LENGTH.key())) {
        add(rows, effect, effect.at(LongContexts.MULTIPLE));
      }
    }
    return figure(
        "lengths",
        "Longer contexts",
        "Perplexity of the same last tokens after longer contexts, over that after one trained window."
            + " plain: rotation as it is; window: the first tokens and the latest ones only, none"
            + " farther away than the trained window; linear, ntk, yarn: frequencies scaled at run"
            + " time.",
        RATIOS.replace("XTITLE", "context, trained windows").replace("XSCALE", "log"),
        ratios(rows));
  }

  private static void add(List<List<Object>> rows, Effect effect, double x) {
    if (!Double.isFinite(effect.ratio()) || effect.ratio() <= 0) {
      return;
    }
    boolean known = effect.interval().exists();
    rows.add(
        List.of(
            effect.model(),
            effect.perturbation(),
            x,
            effect.ratio(),
            known ? effect.interval().low() : effect.ratio(),
            known ? effect.interval().high() : effect.ratio()));
  }

  private static Table ratios(List<List<Object>> rows) {
    return Table.of(
        "ratios",
        "perplexity ratios",
        List.of("model", "perturbation", "x", "ratio", "low", "high"),
        rows);
  }

  /** Whether a figure has anything to show. */
  public static boolean isEmpty(Figure figure) {
    return figure.data().getFirst().rows().isEmpty();
  }
}
