package dev.sonde.probe.stepimportance.rollouts;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Config;
import dev.sonde.api.data.Example;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.stepimportance.attribution.RolloutImportance;
import dev.sonde.statistics.Correlation;
import dev.sonde.trials.ArtifactJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Thought anchors' importances from the rollouts that rows bring; no model is run. */
final class RolloutImportanceProbe implements Probe {
  private static final String KL = "resampling_" + RolloutImportance.DIVERGENCE;
  private static final List<String> LISTS = List.of("function_tags", "depends_on");
  private static final int FEWEST = 3;

  private final Config config;

  RolloutImportanceProbe(Config config) {
    this.config = config;
    if (config.real("rollout_smoothing") <= 0) {
      throw config.error("rollout_smoothing", "must be more than 0");
    }
  }

  @Override
  public Needs needs(Inputs inputs) {
    return Needs.none().remark("importances are counted from the rows' rollouts; no model is run");
  }

  @Override
  public void run(ProbeContext context) {
    context.report().question("What is each step worth by the chains that were written anew?");
    AnswerParser parser = AnswerParser.named(config.string("parser"));
    List<ChainImportances> chains = new ArrayList<>();
    List<Example> rows = new ArrayList<>();
    for (Example row : context.study().examples()) {
      if (row.has("steps") && row.has("rollouts.0.answer")) {
        rows.add(row);
        chains.add(
            ChainImportances.of(
                row,
                parser,
                config.real("similarity"),
                config.real("rollout_smoothing"),
                context.random("floor/" + row.id()).nextLong()));
      }
    }
    int all = context.study().size();
    context.report().metric(Metric.of("rollouts.chains", chains.size()).n(all).unit("chains"));
    if (chains.isEmpty()) {
      context
          .report()
          .note(
              "No row has rollouts. They are read from chunk_N/solutions.json in each problem folder of thought anchors: data.path is the folder of problem folders.");
      return;
    }
    context
        .report()
        .note(
            "The counterfactual filter compares steps by their words (cosine of the counts below %s); the authors compare sentence embeddings at 0.8."
                .formatted(config.real("similarity")));
    figures(context, chains);
    agreement(context, rows, chains);
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      files.put(rows.get(i).id(), json(rows.get(i), chains.get(i)));
    }
    context.saveText("chunks_labeled", "json", ArtifactJson.object(files) + "\n");
  }

  private static void figures(ProbeContext context, List<ChainImportances> chains) {
    for (String name : chains.getFirst().byName().keySet()) {
      double[] known =
          chains.stream()
              .flatMapToDouble(chain -> Arrays.stream(values(chain, name)))
              .filter(Double::isFinite)
              .toArray();
      if (known.length > 0) {
        context
            .report()
            .metric(
                Metric.of("rollouts.mean", Arrays.stream(known).average().orElseThrow())
                    .where("measure", name)
                    .n(known.length));
      }
    }
    int above = 0;
    int compared = 0;
    List<Double> importance = new ArrayList<>();
    List<Double> place = new ArrayList<>();
    for (ChainImportances chain : chains) {
      double[] kl = values(chain, KL);
      double[] floor = values(chain, RolloutImportance.FLOOR);
      for (int step = 0; step < kl.length; step++) {
        if (Double.isFinite(kl[step])) {
          compared++;
          above += kl[step] > floor[step] ? 1 : 0;
          importance.add(kl[step]);
          place.add((double) step / Math.max(1, kl.length - 1));
        }
      }
    }
    if (compared > 0) {
      context
          .report()
          .metric(Metric.of("rollouts.above_floor", (double) above / compared).n(compared));
    }
    if (compared >= FEWEST) {
      double r = Correlation.pearson(array(importance), array(place));
      context.report().metric(Metric.of("rollouts.position_correlation", r).n(compared));
    }
  }

  /** How what is counted here goes with what the rows give by the same name. */
  private static void agreement(
      ProbeContext context, List<Example> rows, List<ChainImportances> chains) {
    for (String name : chains.getFirst().byName().keySet()) {
      List<Double> own = new ArrayList<>();
      List<Double> given = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        List<String> texts = rows.get(i).has(name) ? rows.get(i).texts(name) : List.of();
        double[] values = values(chains.get(i), name);
        for (int step = 0; step < Math.min(texts.size(), values.length); step++) {
          if (!texts.get(step).isEmpty() && Double.isFinite(values[step])) {
            own.add(values[step]);
            given.add(Double.parseDouble(texts.get(step)));
          }
        }
      }
      if (own.size() >= FEWEST) {
        double r = Correlation.pearson(array(own), array(given));
        if (Double.isFinite(r)) {
          context
              .report()
              .metric(Metric.of("rollouts.agreement", r).where("measure", name).n(own.size()));
        }
      }
    }
  }

  private static double[] values(ChainImportances chain, String name) {
    return chain.byName().getOrDefault(name, new double[0]);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(value -> value).toArray();
  }

  /** The chunks of a chain as thought anchors' files have them. */
  private static String json(Example row, ChainImportances chain) {
    List<String> chunks = new ArrayList<>();
    for (int step = 0; step < chain.steps().size(); step++) {
      int index = step;
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("chunk", ArtifactJson.text(chain.steps().get(step).strip()));
      fields.put("chunk_idx", String.valueOf(step));
      for (String name : LISTS) {
        if (row.has(name)) {
          fields.put(name, ArtifactJson.list(split(row.texts(name).get(step))));
        }
      }
      chain.byName().forEach((name, v) -> fields.put(name, ArtifactJson.number(v[index])));
      chunks.add(ArtifactJson.object(fields));
    }
    return "[" + String.join(",\n ", chunks) + "]";
  }

  private static List<String> split(String joined) {
    return joined.isEmpty()
        ? List.of()
        : Arrays.stream(joined.split(", ", -1)).map(ArtifactJson::text).toList();
  }
}
