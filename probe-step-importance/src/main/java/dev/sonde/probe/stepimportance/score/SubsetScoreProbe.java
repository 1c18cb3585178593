package dev.sonde.probe.stepimportance.score;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Config;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.probe.stepimportance.answer.AnswerSampling;
import dev.sonde.probe.stepimportance.answer.AnswerTester;
import dev.sonde.probe.stepimportance.answer.Elicitation;
import dev.sonde.probe.stepimportance.chain.ChainReader;
import dev.sonde.probe.stepimportance.chain.ChainWriter;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.Prompts;
import dev.sonde.probe.stepimportance.chain.StepTexts;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import dev.sonde.trials.ArtifactJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Scores subsets of chains' steps: the answer's log-probability, accuracy, and perplexity. */
final class SubsetScoreProbe implements Probe {
  private static final String STAGE = "subsets";
  private static final int VERSION = 1;

  private final Config config;
  private final StepTexts texts;

  SubsetScoreProbe(Config config) {
    this.config = config;
    this.texts = StepTexts.of(config);
    if (config.integer("cohort") < 1 || config.integer("draws") < 1) {
      throw config.error(config.integer("cohort") < 1 ? "cohort" : "draws", "must be at least 1");
    }
  }

  @Override
  public Needs needs(Inputs inputs) {
    int rows = inputs.study().size();
    return Needs.none()
        .remark(
            "subsets of the steps of %d rows are scored, with what they share at their beginning run once"
                .formatted(rows));
  }

  @Override
  public Artifact shard(String stage, Artifact input, ShardContext context) {
    if (!stage.equals(STAGE)) {
      return Probe.super.shard(stage, input, context);
    }
    Model model = context.model();
    Prompts prompts = Prompts.of(config, model.tokenizer());
    TokenCosts costs = new TokenCosts();
    Elicitation elicitation =
        new Elicitation(model, Elicitation.Wording.of(config, prompts.chat()));
    SubsetScorer scorer =
        new SubsetScorer(
            config,
            context,
            new ChainReader(
                model.tokenizer(),
                prompts,
                texts,
                new ChainWriter(config, model, prompts.chat(), costs)),
            elicitation,
            new AnswerTester(
                model,
                elicitation,
                AnswerParser.named(config.string("parser")),
                AnswerSampling.of(config),
                false,
                costs));
    return scorer.score(
        Math.toIntExact(input.integers("from")[0]), Math.toIntExact(input.integers("to")[0]));
  }

  @Override
  public void run(ProbeContext context) {
    context.report().question("What does each subset of a chain's steps lead to?");
    int size = config.integer("cohort");
    int rows = context.study().size();
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    for (int from = 0; from < rows; from += size) {
      inputs.put(
          "rows-%05d".formatted(from),
          Artifact.empty().with("from", from).with("to", Math.min(rows, from + size)));
    }
    List<ScoredChain> chains = new ArrayList<>();
    List<List<Object>> left = new ArrayList<>();
    int row = 0;
    for (Artifact shard : context.shards(STAGE, VERSION, inputs).values()) {
      for (int end = Math.min(rows, row + size); row < end; row++) {
        if (shard.texts().containsKey(row + ".skipped")) {
          LeftOut why = ScoredChain.leftOut(shard, row);
          String id = context.study().examples().get(row).id();
          left.add(List.of(id, why.reason().toString(), why.measured(), why.reason().remedy()));
        } else {
          chains.add(ScoredChain.of(shard, row));
        }
      }
    }
    report(context, chains, left);
  }

  private static void report(
      ProbeContext context, List<ScoredChain> chains, List<List<Object>> left) {
    int rows = context.study().size();
    long subsets = chains.stream().mapToLong(chain -> chain.scores().size()).sum();
    context.report().metric(Metric.of("subsets.chains", chains.size()).n(rows).unit("chains"));
    context.report().metric(Metric.of("subsets.scored", (double) subsets).n(chains.size()));
    context
        .report()
        .note("%d subsets of %d of %d chains were scored.".formatted(subsets, chains.size(), rows));
    if (!left.isEmpty()) {
      context
          .report()
          .table(
              Table.of(
                  "left-out",
                  "Rows that were not scored",
                  List.of("row", "reason", "measured", "what helps"),
                  left));
    }
    StringBuilder scores = new StringBuilder();
    StringBuilder steps = new StringBuilder();
    for (ScoredChain chain : chains) {
      chain.scores().forEach(score -> scores.append(line(chain, score)));
      steps.append(stepLines(chain));
    }
    context.saveText("subsets", "jsonl", scores.toString());
    context.saveText("steps", "jsonl", steps.toString());
  }

  private static String line(ScoredChain chain, ScoredChain.Score score) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", ArtifactJson.text(chain.id()));
    fields.put("steps", ArtifactJson.list(score.mask().steps()));
    fields.put("answer_log_probability", ArtifactJson.number(score.logProbability()));
    fields.put("accuracy", ArtifactJson.number(score.accuracy()));
    fields.put("perplexity", ArtifactJson.number(score.perplexity()));
    return ArtifactJson.object(fields) + "\n";
  }

  private static String stepLines(ScoredChain chain) {
    double[] without = chain.leaveOneOut();
    double[] shapley = chain.shapley();
    StringBuilder lines = new StringBuilder();
    for (int step = 0; step < without.length; step++) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("id", ArtifactJson.text(chain.id()));
      fields.put("step", String.valueOf(step));
      fields.put("text", ArtifactJson.text(chain.steps().get(step)));
      fields.put("leave_one_out", ArtifactJson.number(without[step]));
      fields.put("shapley", ArtifactJson.number(shapley[step]));
      lines.append(ArtifactJson.object(fields)).append('\n');
    }
    return lines.toString();
  }
}
