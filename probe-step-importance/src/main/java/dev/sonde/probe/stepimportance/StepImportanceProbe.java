package dev.sonde.probe.stepimportance;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.config.Config;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.stepimportance.answer.AnswerSampling;
import dev.sonde.probe.stepimportance.answer.AnswerTester;
import dev.sonde.probe.stepimportance.answer.Elicitation;
import dev.sonde.probe.stepimportance.answer.OwnAnswers;
import dev.sonde.probe.stepimportance.attribution.Resampling;
import dev.sonde.probe.stepimportance.attribution.Root;
import dev.sonde.probe.stepimportance.chain.ChainReader;
import dev.sonde.probe.stepimportance.chain.ChainWriter;
import dev.sonde.probe.stepimportance.chain.Prompts;
import dev.sonde.probe.stepimportance.chain.StepTexts;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import dev.sonde.probe.stepimportance.cohort.AcceptedAnswers;
import dev.sonde.probe.stepimportance.cohort.Cohorts;
import dev.sonde.probe.stepimportance.cohort.OutcomeArtifact;
import dev.sonde.probe.stepimportance.cohort.RowOutcome;
import dev.sonde.probe.stepimportance.cohort.SearchedChain;
import dev.sonde.probe.stepimportance.learn.StepReading;
import dev.sonde.probe.stepimportance.plan.SearchNeeds;
import dev.sonde.probe.stepimportance.predict.ImportancePrediction;
import dev.sonde.probe.stepimportance.predict.PredictionSettings;
import dev.sonde.probe.stepimportance.report.Illustrations;
import dev.sonde.probe.stepimportance.report.LabelFiles;
import dev.sonde.probe.stepimportance.report.LeftOutRows;
import dev.sonde.probe.stepimportance.report.PaperOptions;
import dev.sonde.probe.stepimportance.report.SearchMetrics;
import dev.sonde.probe.stepimportance.search.CohortSearch;
import dev.sonde.probe.stepimportance.search.CoreSearch;
import dev.sonde.probe.stepimportance.search.Guides;
import dev.sonde.probe.stepimportance.search.PrefixSearch;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import dev.sonde.probe.stepimportance.search.StepRankings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Which steps of a chain of thought carry the answer, and whether activations tell beforehand. */
final class StepImportanceProbe implements Probe {
  private static final String COHORTS = "cohorts";

  private final Config config;
  private final StepTexts texts;
  private final List<SearchVariant> variants;
  private final SearchVariant labels;

  StepImportanceProbe(Config config, StepTexts texts, List<SearchVariant> variants) {
    this.config = config;
    this.texts = texts;
    this.variants = List.copyOf(variants);
    if (variants.isEmpty()) {
      throw config.error("variants", "name at least one");
    }
    this.labels = labels(config, variants);
    requirePositive("samples", "cohort", "chain_tokens", "hidden", "epochs", "orders", "rollouts");
    if (config.real("rollout_smoothing") <= 0) {
      throw config.error("rollout_smoothing", "must be more than 0");
    }
    double before = 0;
    for (double theta : config.reals("thetas")) {
      if (theta < before || theta > 1) {
        throw config.error("thetas", "must ascend from 0 to 1");
      }
      before = theta;
    }
  }

  /** The first variant, where none is named; with nothing to learn none need be there. */
  private static SearchVariant labels(Config config, List<SearchVariant> variants) {
    String name = config.string("labels_of");
    if (name.isEmpty() || config.string("probe").equals("none")) {
      return variants.getFirst();
    }
    return variants.stream()
        .filter(variant -> variant.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                config.error(
                    "labels_of",
                    "is none of the variants %s; add it to them, or leave labels_of out and the first is taken"
                        .formatted(variants)));
  }

  private void requirePositive(String... keys) {
    for (String key : keys) {
      if (config.integer(key) < 1) {
        throw config.error(key, "must be at least 1");
      }
    }
  }

  /** Bounds: which subsequences are tested depends on what the model says. */
  @Override
  public Needs needs(Inputs inputs) {
    Model model = inputs.model();
    Prompts prompts = Prompts.of(config, model.tokenizer());
    TokenCosts none = new TokenCosts();
    return SearchNeeds.of(
        config, inputs, reader(model, prompts, none), elicitation(model, prompts), variants);
  }

  private ChainReader reader(Model model, Prompts prompts, TokenCosts costs) {
    ChainWriter writer = new ChainWriter(config, model, prompts.chat(), costs);
    return new ChainReader(model.tokenizer(), prompts, texts, writer);
  }

  private Elicitation elicitation(Model model, Prompts prompts) {
    return new Elicitation(model, Elicitation.Wording.of(config, prompts.chat()));
  }

  @Override
  public void run(ProbeContext context) {
    Model model = context.model();
    requireCapabilities(model.capabilities());
    SequencedMap<String, Artifact> cohorts =
        context.shards(
            COHORTS,
            OutcomeArtifact.VERSION,
            Cohorts.inputs(context.study().size(), config.integer("cohort")));
    List<RowOutcome> outcomes =
        cohorts.values().stream().flatMap(each -> OutcomeArtifact.read(each).stream()).toList();
    SearchMetrics metrics =
        new SearchMetrics(
            context, outcomes, variants, config.string("needed"), config.string("either"));
    context
        .report()
        .question(
            "Which steps of a chain of thought does the answer need, and do activations show it?");
    metrics.report();
    LeftOutRows leftOut = new LeftOutRows(context.study(), outcomes);
    leftOut.report(context.report());
    boolean predicts = !config.string("probe").equals("none");
    new PaperOptions(config, labels.toString(), predicts).report(context.report());
    List<SearchedChain> found = metrics.found();
    new LabelFiles(context).save(found, leftOut);
    Illustrations illustrations = new Illustrations(context.report(), variants);
    illustrations.of(found, config.integer("shown"));
    if (predicts && !found.isEmpty()) {
      boolean chat = Prompts.of(config, model.tokenizer()).chat();
      PredictionSettings settings = PredictionSettings.of(config, labels, chat);
      illustrations.grid(new ImportancePrediction(context, settings, found).report());
    }
    Map<String, Long> costs = new LinkedHashMap<>();
    cohorts
        .values()
        .forEach(
            each -> TokenCosts.read(each).forEach((n, cost) -> costs.merge(n, cost, Long::sum)));
    costs.forEach(context::cost);
  }

  @Override
  public Artifact shard(String stage, Artifact input, ShardContext context) {
    if (stage.equals(COHORTS)) {
      return cohorts(context).shard(input);
    }
    return stage.startsWith(StepReading.STAGE)
        ? StepReading.shard(input, context)
        : Probe.super.shard(stage, input, context);
  }

  private Cohorts cohorts(ShardContext context) {
    Model model = context.model();
    Prompts prompts = Prompts.of(config, model.tokenizer());
    TokenCosts costs = new TokenCosts();
    AnswerParser parser = AnswerParser.named(config.string("parser"));
    AnswerSampling sampling = AnswerSampling.of(config);
    Elicitation elicitation = elicitation(model, prompts);
    OwnAnswers ownAnswers = new OwnAnswers(model, elicitation, parser, costs);
    return new Cohorts(
        context,
        reader(model, prompts, costs),
        elicitation,
        ownAnswers,
        AcceptedAnswers.of(config),
        Root.named(config.string("root")) == Root.WRITTEN,
        new CohortSearch(
            new AnswerTester(
                model,
                elicitation,
                parser,
                sampling,
                config.string("perplexity").equals("whole_text"),
                costs),
            PrefixSearch.of(config),
            new Guides(
                model,
                variants,
                Root.named(config.string("root")),
                config.string("queue").equals("root_influence"),
                config.integer("orders"),
                rankings(context),
                new Resampling(model, Resampling.Rollouts.of(config), ownAnswers, costs),
                costs),
            CoreSearch.of(config),
            config.string("reference").equals("after_shortcuts")),
        costs);
  }

  private StepRankings rankings(ShardContext context) {
    return variants.contains(SearchVariant.RANKING)
        ? StepRankings.in(context.study(config.string("rankings")), config)
        : StepRankings.none();
  }

  private void requireCapabilities(Capabilities capabilities) {
    require(
        variants.stream().noneMatch(SearchVariant::needsGradients)
            || capabilities.features().contains(Capabilities.GRADIENTS),
        "gradients");
    require(
        !variants.contains(SearchVariant.SUPPRESSION)
            || capabilities.features().contains(Capabilities.ATTENTION_MASK),
        "blocked attention");
    require(capabilities.generates(), "generation");
  }

  private void require(boolean offered, String what) {
    if (!offered) {
      throw new UnsupportedCapabilityException(
          "the backend offers no %s, which the variants %s need; take another backend"
              .formatted(what, variants));
    }
  }
}
