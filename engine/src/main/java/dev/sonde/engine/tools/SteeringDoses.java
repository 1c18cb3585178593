package dev.sonde.engine.tools;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.data.Example;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.engine.data.Dataset;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.data.Studies;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.model.Fetching;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Groups;
import dev.sonde.trials.Harm;
import dev.sonde.trials.PromptTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Steers a model over many prompts by each of some doses: what each does to what is wanted, and
 * what it costs neutral text. Every token is steered, as in a continuation.
 */
public final class SteeringDoses {
  /** Neutral texts at most, and the first tokens of each that count. */
  private static final int NEUTRAL_TEXTS = 32;

  private static final int NEUTRAL_TOKENS = 256;

  private static final int DRAWS = 1000;
  private static final long SEED = 17;

  private final PluginRegistry plugins;
  private final Folders folders;
  private final Progress progress;

  /** Doses of models that the plugins open, with files that they read. */
  public SteeringDoses(PluginRegistry plugins, Folders folders, Progress progress) {
    this.plugins = plugins;
    this.folders = folders;
    this.progress = progress;
  }

  /**
   * What a dose is to do.
   *
   * @param kind of effect
   * @param name a text, or a column, or a saved probe's path, by kind; else empty
   */
  public record Wanted(Kind kind, String name) {
    /** Kinds of effect. */
    public enum Kind {
      /** The model's own answer, its first token unsteered, becomes less likely. */
      OTHER_ANSWER,
      /** A given text becomes likelier. */
      TEXT,
      /** The text in a column becomes likelier. */
      COLUMN,
      /** A saved probe scores the continuation higher. */
      PROBE
    }

    /**
     * What is wanted by its word.
     *
     * @param word {@code text}, {@code column}, {@code probe}, or empty
     */
    public static Wanted of(String word, String name) {
      return new Wanted(
          switch (word) {
            case "text" -> Kind.TEXT;
            case "column" -> Kind.COLUMN;
            case "probe" -> Kind.PROBE;
            case "" -> Kind.OTHER_ANSWER;
            default ->
                throw new InvalidInputException(
                    "'%s' is not one of text, column, probe".formatted(word));
          },
          name);
    }

    /** What it does, in the words of a sentence. */
    public String verb() {
      return switch (kind) {
        case OTHER_ANSWER -> "lowers the log-probability of the model's own first token";
        case TEXT -> "raises the log-probability of '%s'".formatted(name);
        case COLUMN -> "raises the log-probability of the text in '%s'".formatted(name);
        case PROBE -> "raises the probe's score of the continuation";
      };
    }

    /** The unit of the effect. */
    public String unit() {
      return kind == Kind.PROBE ? "in units of the probe" : "nats";
    }

    /** What the share counts. */
    public String share() {
      return switch (kind) {
        case OTHER_ANSWER -> "another first token";
        case TEXT, COLUMN -> "begins as expected";
        case PROBE -> "above the threshold";
      };
    }
  }

  /**
   * What is asked.
   *
   * @param data the model, and the prompts
   * @param neutral the neutral text; empty for the prompts
   * @param change per dose 1
   * @param doses tried, each once
   * @param most the most damage of a dose that is recommended, in nats a token
   * @param tokens most tokens of a continuation, where a probe scores it
   * @param anyway whether a probe of another model or tokenizer may score
   */
  public record Request(
      Experiment data,
      Optional<Experiment> neutral,
      SteeredGeneration.Change change,
      List<Double> doses,
      Wanted wanted,
      double most,
      int tokens,
      boolean anyway) {
    /** A request with its list copied. */
    public Request {
      doses = List.copyOf(doses);
    }
  }

  /**
   * What was found.
   *
   * @param prompts how many
   * @param neutral how many neutral texts
   * @param shareBefore of the prompts behind which the wanted happens unsteered
   * @param recommended the dose; empty where none
   * @param sentence the advice
   */
  public record Result(
      int prompts,
      int neutral,
      double shareBefore,
      List<DoseEffect> doses,
      Optional<Double> recommended,
      String sentence) {
    /** A result with its list copied. */
    public Result {
      doses = List.copyOf(doses);
    }
  }

  /**
   * Tries the doses.
   *
   * @throws InvalidInputException if a file is malformed or does not fit the model, or a row lacks
   *     what is expected of it
   * @throws dev.sonde.api.ModelUnavailableException if the model cannot be opened
   * @throws UnsupportedCapabilityException if the backend cannot do what is asked
   */
  public Result of(Request request) {
    BiFunction<ModelInfo, Double, List<Intervention>> dosed =
        new SteeredGeneration(plugins, folders, progress).dosed(request.change());
    Dataset prompts = rows(request.data());
    Optional<Dataset> texts = request.neutral().map(this::rows);
    try (OpenModel model =
        Fetching.models(plugins, folders, progress).open(request.data().model())) {
      requireCapabilities(model);
      model.info().notes().forEach(progress::warning);
      List<List<Intervention>> changes =
          request.doses().stream().map(dose -> dosed.apply(model.info(), dose)).toList();
      LabelledStudy study = prompts.fed(model::render);
      List<PromptTokens> rows = tokens(model, study.examples());
      model.tokenizerNotes().forEach(progress::warning);
      List<int[]> neutral =
          neutral(texts.map(set -> tokens(model, set.fed(model::render).examples())).orElse(rows));
      SteeringOutcome outcome =
          SteeringOutcome.of(request, model, rows, new ProbeOpener(plugins, folders, progress));
      List<double[]> effects = new ArrayList<>();
      double[] shares = new double[changes.size()];
      for (int dose = 0; dose < changes.size(); dose++) {
        progress.at("doses", dose, changes.size());
        SteeringOutcome.Of of = outcome.under(changes.get(dose));
        effects.add(of.effects());
        shares[dose] = of.share();
      }
      progress.at("neutral text", 0, 1);
      Harm harm = Harm.of(model, neutral, changes);
      Seeds seeds = new Seeds(SEED);
      ClusterBootstrap ofRows =
          new ClusterBootstrap(Groups.of(study.groups()), DRAWS, seeds.random("prompts"));
      ClusterBootstrap ofTexts =
          new ClusterBootstrap(
              Groups.ofSingleRows(neutral.size()), DRAWS, seeds.random("neutral texts"));
      boolean[] within = harm.within(request.most());
      List<DoseEffect> doses =
          IntStream.range(0, changes.size())
              .mapToObj(
                  dose ->
                      new DoseEffect(
                          request.doses().get(dose),
                          ofRows.mean(effects.get(dose)),
                          shares[dose],
                          harm.estimate(dose, ofTexts),
                          harm.drift(dose, ofTexts),
                          within[dose]))
              .toList();
      DoseAdvice advice = new DoseAdvice(doses, request.wanted(), request.most());
      return new Result(
          rows.size(),
          neutral.size(),
          outcome.shareBefore(),
          doses,
          advice.recommended().map(DoseEffect::dose),
          advice.sentence());
    }
  }

  /** What opens saved probes. */
  record ProbeOpener(PluginRegistry plugins, Folders folders, Progress progress) {}

  private Dataset rows(Experiment experiment) {
    return new Studies(plugins)
        .open(
            Fetching.data(experiment.data(), folders, progress),
            experiment.data().config(),
            Studies.Asked.of(experiment));
  }

  private static void requireCapabilities(OpenModel model) {
    Capabilities can = model.capabilities();
    if (!can.interventions().contains(Intervention.ADD)) {
      throw new UnsupportedCapabilityException(
          "the backend '%s' cannot add vectors; another one may (--backend pytorch)"
              .formatted(model.backendName()));
    }
    if (!can.supports(HookPoint.LOG_PROB) || !can.generates()) {
      throw new UnsupportedCapabilityException(
          "the backend '%s' gives no log-probabilities or does not generate; another one may (--backend pytorch)"
              .formatted(model.backendName()));
    }
  }

  private static List<PromptTokens> tokens(OpenModel model, List<Example> examples) {
    List<PromptTokens> all = new ArrayList<>();
    for (Example example : examples) {
      PromptTokens tokens = PromptTokens.of(model.tokenizer(), example);
      int longest = model.capabilities().longestContext();
      if (tokens.tokens().length == 0 || tokens.tokens().length >= longest) {
        throw new InvalidInputException(
            "row '%s' has %d tokens, and the model reads %d with what follows them; leave such rows out with --set data.where=…"
                .formatted(example.id(), tokens.tokens().length, longest));
      }
      all.add(tokens);
    }
    return all;
  }

  private static List<int[]> neutral(List<PromptTokens> rows) {
    List<int[]> texts =
        rows.stream()
            .map(row -> Arrays.copyOf(row.tokens(), Math.min(row.tokens().length, NEUTRAL_TOKENS)))
            .filter(text -> text.length > 1)
            .limit(NEUTRAL_TEXTS)
            .toList();
    if (texts.isEmpty()) {
      throw new InvalidInputException("the neutral text needs rows of two tokens and more");
    }
    return texts;
  }
}
