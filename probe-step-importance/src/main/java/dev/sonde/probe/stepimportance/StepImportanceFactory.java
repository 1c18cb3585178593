package dev.sonde.probe.stepimportance;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.probe.stepimportance.answer.ChainSettings;
import dev.sonde.probe.stepimportance.chain.StepTexts;
import dev.sonde.probe.stepimportance.learn.StepActivations;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.List;

/** Makes {@link StepImportanceProbe}; the settings' defaults are the paper's. */
final class StepImportanceFactory implements ProbeFactory {

  @Override
  public String name() {
    return "step-importance";
  }

  @Override
  public String summary() {
    return "finds the steps of a chain of thought that carry the answer";
  }

  @Override
  public Settings settings() {
    return learning(search(tests(ChainSettings.asking(ChainSettings.sources(accepted())))));
  }

  private static Settings accepted() {
    return Settings.none()
        .choice(
            "answer",
            List.of("gold", "own"),
            "gold",
            "the answer that counts: the row's, or what the model itself answers"
                + " after its chain")
        .string("needed", "needed", "the column that says, for each step, whether it was planted")
        .string(
            "either",
            "either",
            "the column with texts such as 4 9: steps, from 0, of which one suffices");
  }

  private static Settings tests(Settings before) {
    return before
        .real("tau", 0.8, "the threshold that sufficiency and attainability must reach")
        .real("necessity", 0.8, "minimum share of wrong answers without the chain")
        .choice(
            "perplexity",
            List.of("steps", "whole_text"),
            "steps",
            "the tokens it covers: the kept steps given the prompt, or prompt and"
                + " steps, as in the authors' code")
        .choice(
            "reference",
            List.of("chain", "after_shortcuts"),
            "chain",
            "the chain that attainability is measured against: the whole chain, or"
                + " the chain without shortcuts, as in the authors' code");
  }

  private static Settings search(Settings before) {
    return before
        .strings(
            "variants",
            List.of("activation", "random"),
            "variants of the search: activation, gradient_x_input, integrated_gradients (norms of"
                + " products, as in the authors' code), gradient_x_input_sum,"
                + " integrated_gradients_sum (absolute values of sums), suppression, resampling,"
                + " ranking, random")
        .integer(
            "orders",
            3,
            "random orders; a step is important or removable by random where all of them agree")
        .integer("rollouts", 100, "chains written anew from each place, for resampling")
        .integer("rollout_tokens", 0, "the most tokens of such a chain; 0 for chain_tokens")
        .real(
            "rollout_smoothing",
            0.5,
            "what is added to the count of each answer before distributions are compared")
        .string(
            "rankings",
            "rankings",
            "the set with the columns id, order (steps from 0, least important first)"
                + " and removable")
        .reals(
            "thetas",
            List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
            "shares of influence that are followed, in ascending order")
        .choice(
            "prefix",
            List.of("first", "lasting"),
            "first",
            "first: the shortest sufficient prefix; lasting: the shortest one from"
                + " which on all longer prefixes are sufficient, for answers that are often"
                + " right by chance")
        .choice(
            "root",
            List.of("last_step", "answer", "written"),
            "last_step",
            "what influence is followed back from: the prefix's last step; the"
                + " answer, as in the authors' code; or what the model itself writes after"
                + " the elicitation")
        .choice(
            "queue",
            List.of("mean_influence", "root_influence"),
            "mean_influence",
            "what orders the greedy queue: mean influence on later steps, or"
                + " influence on the root, for chains whose later steps do not read what"
                + " the answer needs")
        .flag(
            "guard_before_root",
            false,
            "never remove the step before the root, as in the authors' code")
        .choice(
            "shortcuts",
            List.of("none", "words", "tested"),
            "tested",
            "which steps are taken out because they give the answer away: none; those that state"
                + " the accepted answer in words; those and the ones that suffice alone")
        .flag(
            "spare_answer_step",
            false,
            "shortcut removal keeps the answer's step, as in the authors' code")
        .flag(
            "drop_unremovable",
            true,
            "take no labels from chains of which the queue could remove nothing")
        .integer(
            "shortest_labelled",
            1,
            "steps of the shortest prefix that gives labels; 10 in the authors' code")
        .integer("longest_labelled", 200, "steps of the longest prefix that gives labels")
        .integer("cohort", 32, "rows that advance together; one shard of the run")
        .integer("shown", 6, "chains shown in the report");
  }

  private static Settings learning(Settings before) {
    return before
        .choice(
            "probe",
            List.of("layerwise_mlp", "layerwise_linear", "mlp", "linear", "none"),
            "layerwise_mlp",
            "the classifier that reads importance from activations, of layers side by"
                + " side (layerwise) or of their mean; none to leave it out")
        .string(
            "labels_of",
            "",
            "the variant whose labels the classifier learns; default: the first. Those of random do"
                + " not depend on gradients")
        .choice(
            "position",
            StepActivations.POSITIONS,
            "mean",
            "which tokens of a step the classifier reads: the mean over all, or one of them")
        .integer("hidden", 128, "hidden units of the classifier's first layer")
        .integer("epochs", 30, "training epochs of the classifier")
        .integer("probe_folds", 5, "cross-validation folds of the classifier")
        .integer("probe_draws", 9999, "sign patterns drawn for its p")
        .strings(
            "probe_splits",
            List.of("grouped", "by_step"),
            "grouped; by_step, the paper's split, is leaky")
        .string(
            "encoder",
            "",
            "the further model (models:) whose mean last state of each step alone is its sentence"
                + " embedding; default: the main model");
  }

  @Override
  public Probe create(Config config) {
    return new StepImportanceProbe(
        config,
        StepTexts.of(config),
        config.strings("variants").stream().map(name -> variant(config, name)).distinct().toList());
  }

  private static SearchVariant variant(Config config, String name) {
    try {
      return SearchVariant.named(name);
    } catch (IllegalArgumentException e) {
      throw config.error("variants", String.valueOf(e.getMessage()));
    }
  }
}
