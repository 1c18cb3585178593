package dev.sonde.probe.stepimportance;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.config.Config;
import dev.sonde.api.data.Example;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.Segmentation;
import dev.sonde.probe.stepimportance.learn.Network;
import dev.sonde.probe.stepimportance.search.Ledger;
import dev.sonde.probe.stepimportance.search.Rankings;
import dev.sonde.probe.stepimportance.search.Root;
import dev.sonde.probe.stepimportance.search.SearchSettings;
import dev.sonde.probe.stepimportance.search.TestSettings;
import dev.sonde.probe.stepimportance.search.Variant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which steps of a chain of thought carry the answer, and whether activations tell beforehand. */
final class StepImportanceProbe implements Probe {
  /** The paper's rows a step, learning rate and weight decay. */
  private static final int BATCH = 32;

  private static final double RATE = 3e-4;
  private static final double DECAY = 1e-4;

  private final Config config;
  private final Segmentation segmentation;
  private final List<Variant> variants;
  private final Variant labels;

  StepImportanceProbe(Config config, Segmentation segmentation, List<Variant> variants) {
    this.config = config;
    this.segmentation = segmentation;
    this.variants = List.copyOf(variants);
    if (variants.isEmpty()) {
      throw config.error("variants", "name at least one");
    }
    this.labels =
        config.string("labels_of").isEmpty()
            ? variants.getFirst()
            : variants.stream()
                .filter(variant -> variant.toString().equals(config.string("labels_of")))
                .findFirst()
                .orElseThrow(
                    () -> config.error("labels_of", "is none of the variants " + variants));
    requirePositive("samples", "cohort", "chain_tokens", "hidden", "epochs");
    double before = 0;
    for (double theta : config.reals("thetas")) {
      if (theta < before || theta > 1) {
        throw config.error("thetas", "must ascend from 0 to 1");
      }
      before = theta;
    }
  }

  private void requirePositive(String... keys) {
    for (String key : keys) {
      if (config.integer(key) < 1) {
        throw config.error(key, "must be at least 1");
      }
    }
  }

  /** Nothing is known beforehand: chains and their tests depend on what the model says. */
  @Override
  public Needs needs(Inputs inputs) {
    return Needs.builder().control().build();
  }

  @Override
  public void run(ProbeContext context) {
    requireCapabilities(context.model().capabilities());
    boolean chat =
        config.string("chat").equals("auto")
            && context.model().tokenizer().chatTemplate().isPresent();
    Ledger ledger = new Ledger();
    Cohorts cohorts =
        new Cohorts(
            context,
            sources(chat),
            tests(chat),
            search(),
            rankings(context),
            config.real("necessity"),
            ledger);
    List<Outcome> outcomes = cohorts.run(config.integer("cohort"));
    Results results = new Results(context, outcomes, variants, config.string("needed"));
    results.report();
    new Artifacts(context).save(results.found());
    Illustrations illustrations = new Illustrations(context.report(), variants);
    illustrations.of(results.found(), config.integer("shown"));
    if (!config.string("probe").equals("none") && !results.found().isEmpty()) {
      illustrations.grid(new Readout(context, readout(chat), results.found()).report());
    }
    context.cost("cost.forward_tokens", ledger.forward());
    context.cost("cost.generated_tokens", ledger.generated());
    context.cost("cost.backward_tokens", ledger.backward());
    context.cost("cost.tokens_saved_by_prefixes", ledger.saved());
  }

  private void requireCapabilities(Capabilities capabilities) {
    require(
        variants.stream().noneMatch(Variant::needsGradients)
            || capabilities.features().contains(Capabilities.GRADIENTS),
        "gradients");
    require(
        !variants.contains(Variant.SUPPRESSION)
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

  private Sources sources(boolean chat) {
    return new Sources(
        chat,
        config.string("chat_message"),
        config.string("steps"),
        config.string("chain"),
        config.string("answer_column"),
        config.string("answer").equals("own"),
        config.string("separator"),
        segmentation,
        config.integer("chain_tokens"),
        config.strings("chain_stops"),
        config.string("unfinished").equals("keep"));
  }

  private TestSettings tests(boolean chat) {
    String prefix = chat ? "chat_" : "";
    String elicitation = config.string(prefix + "elicitation");
    return new TestSettings(
        AnswerParser.named(config.string("parser")),
        elicitation,
        config.has("empty_elicitation") ? config.string("empty_elicitation") : elicitation,
        config.string(prefix + "answer_form"),
        config.strings(prefix + "stops"),
        config.integer(prefix + "answer_tokens"),
        config.integer("samples"),
        Sampling.temperature(config.real("temperature")).topP(config.real("top_p")),
        config.real("tau"),
        config.string("perplexity").equals("whole_text"),
        config.string("reference").equals("after_shortcuts"));
  }

  private SearchSettings search() {
    return new SearchSettings(
        variants,
        config.reals("thetas").stream().mapToDouble(theta -> theta).toArray(),
        config.string("prefix").equals("lasting"),
        Root.named(config.string("root")),
        config.string("queue").equals("root_influence"),
        config.flag("guard_before_root"),
        config.flag("spare_answer_step"));
  }

  private ReadoutSettings readout(boolean chat) {
    String probe = config.string("probe");
    int[] hidden = probe.endsWith("mlp") ? new int[] {config.integer("hidden")} : new int[0];
    return new ReadoutSettings(
        probe,
        config.string("position"),
        new LabelledSteps.Rule(
            labels,
            config.integer("shortest_labelled"),
            config.integer("longest_labelled"),
            config.flag("drop_unremovable")),
        new Network.Training(hidden, config.integer("epochs"), BATCH, RATE, DECAY),
        config.integer("probe_folds"),
        config.integer("probe_draws"),
        config.strings("probe_splits"),
        chat);
  }

  private Rankings rankings(ProbeContext context) {
    if (!variants.contains(Variant.RANKING)) {
      return chain -> Optional.empty();
    }
    Map<String, Rankings.Ranking> rankings = new HashMap<>();
    for (Example example : context.study(config.string("rankings")).examples()) {
      rankings.put(
          example.id(),
          new Rankings.Ranking(
              Mask.of(example.has("removable") ? numbers(example, "removable") : new int[0]),
              Arrays.stream(numbers(example, "order")).boxed().toList()));
    }
    return chain -> Optional.ofNullable(rankings.get(chain));
  }

  private int[] numbers(Example example, String column) {
    try {
      return example.texts(column).stream().mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw config.error(
          "rankings",
          "row '%s': column '%s' is no list of whole numbers: %s"
              .formatted(example.id(), column, example.texts(column)));
    }
  }
}
