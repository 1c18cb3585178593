package dev.sonde.probe.linear;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a steering experiment is asked for.
 *
 * @param doses every mode with every factor
 * @param everyToken whether every token of a prompt is changed, or the last one only
 * @param everyBlock whether the direction acts in every block, or where it was found only
 * @param target the column of answers
 * @param rows most rows that are reported
 * @param controlRows most rows for the choice, the null directions and the neutral text
 * @param draws null directions of each kind
 * @param neutral the data set of neutral text; empty: the prompts
 * @param harm the most that steering may cost neutral text, in nats a token
 * @param guard the data set of choice questions, where there is one
 * @param guardLoss the largest share of those questions that steering may make wrong
 * @param answers how whole answers are judged
 */
record SteerSettings(
    List<Dose> doses,
    boolean everyToken,
    boolean everyBlock,
    String target,
    int rows,
    int controlRows,
    int draws,
    Optional<String> neutral,
    double harm,
    Optional<String> guard,
    double guardLoss,
    Accuracy.Asked answers) {
  private static final String EVERY = "all";

  /** A tenth of a nat a token: perplexity a tenth higher. */
  private static final double HARM = 0.1;

  /** One question in twenty. */
  private static final double GUARD_LOSS = 0.05;

  /** Null directions that p ≤ 0.01 needs. */
  private static final int DRAWS = 99;

  /** Adds the settings to those of the probe. */
  static Settings published(Settings settings) {
    return settings
        .flag("steer", false, "whether the model is also steered along the direction")
        .strings("steer_modes", List.of("add", "scale"), "add: h + α r; scale: h + α (h · r̂) r̂")
        .reals("steer_alphas", List.of(-2.0, -1.0, 1.0, 2.0), "the factors α")
        .choice(
            "steer_tokens", List.of("last", EVERY), "last", "which tokens of a prompt are steered")
        .choice(
            "steer_layers",
            List.of("source", EVERY),
            "source",
            "where the direction acts: in the block it was found in, or in every block")
        .string(
            "steer_target",
            "target",
            "the column with the answer whose first token is scored; for rows that"
                + " have none, the first token of the unsteered greedy answer")
        .integer("steer_rows", 200, "maximum number of rows that effects are reported on")
        .integer(
            "steer_control_rows",
            16,
            "maximum number of rows for the choice of the layer, the null directions"
                + " and the neutral text")
        .integer(
            "steer_draws",
            DRAWS,
            "number of random directions, and of directions from permuted labels")
        .optional(
            "steer_neutral",
            Setting.Type.STRING,
            "a data set under sets: whose text shows the general damage; default: the prompts")
        .real(
            "steer_harm",
            HARM,
            "the most that a dose may cost neutral text, and may move its predictions (KL), in nats"
                + " a token, to be called steering")
        .optional(
            "steer_guard",
            Setting.Type.STRING,
            "a data set under sets: with questions of several options (columns choices and"
                + " steer_answer), which steering must leave right")
        .real(
            "steer_guard_loss",
            GUARD_LOSS,
            "the largest share of the questions of steer_guard that may be lost")
        .string(
            "steer_answer",
            "answer",
            "the column with the accepted answers (a text or a list); rows that have"
                + " it are also answered in full")
        .choice("steer_parser", AnswerParser.NAMES, "numeric", "how the answer is read from a text")
        .integer("steer_answer_rows", 40, "maximum number of rows that are answered in full")
        .integer("steer_answer_tokens", 64, "maximum tokens of an answer")
        .strings("steer_stops", List.of("\nQ:"), "texts that end an answer");
  }

  /** The settings of an experiment; empty where it does not steer. */
  static Optional<SteerSettings> of(Config config) {
    if (!config.flag("steer")) {
      return Optional.empty();
    }
    List<Dose> doses = new ArrayList<>();
    for (String mode : config.strings("steer_modes")) {
      if (!mode.equals("add") && !mode.equals("scale")) {
        throw config.error("steer_modes", "'%s' is not one of add, scale".formatted(mode));
      }
      for (double alpha : config.reals("steer_alphas")) {
        doses.add(new Dose(Dose.Mode.of(mode), alpha));
      }
    }
    if (doses.isEmpty()) {
      throw config.error("steer_alphas", "steering needs a mode and a factor");
    }
    return Optional.of(
        new SteerSettings(
            List.copyOf(doses),
            config.string("steer_tokens").equals(EVERY),
            config.string("steer_layers").equals(EVERY),
            config.string("steer_target"),
            atLeast(2, config, "steer_rows"),
            atLeast(2, config, "steer_control_rows"),
            atLeast(1, config, "steer_draws"),
            config.has("steer_neutral")
                ? Optional.of(config.string("steer_neutral"))
                : Optional.empty(),
            config.real("steer_harm"),
            config.has("steer_guard")
                ? Optional.of(config.string("steer_guard"))
                : Optional.empty(),
            config.real("steer_guard_loss"),
            asked(config)));
  }

  /** What is looked at where a label is erased from the running model. */
  static ErasedModel.Asked erased(Config config) {
    return new ErasedModel.Asked(
        config.has("steer_neutral")
            ? Optional.of(config.string("steer_neutral"))
            : Optional.empty(),
        atLeast(2, config, "steer_control_rows"),
        asked(config));
  }

  /** How whole answers are judged, steered or not. */
  static Accuracy.Asked asked(Config config) {
    return new Accuracy.Asked(
        config.string("steer_answer"),
        AnswerParser.named(config.string("steer_parser")),
        atLeast(2, config, "steer_answer_rows"),
        atLeast(1, config, "steer_answer_tokens"),
        config.strings("steer_stops"));
  }

  private static int atLeast(int least, Config config, String key) {
    int value = config.integer(key);
    if (value < least) {
      throw config.error(key, "must be at least " + least);
    }
    return value;
  }

  /** The doses of the largest factors of either sign in each mode: enough to choose a layer by. */
  List<Dose> extremes() {
    return doses.stream()
        .filter(
            dose ->
                doses.stream()
                    .noneMatch(
                        other ->
                            other.mode() == dose.mode()
                                && other.alpha() * dose.alpha() > 0
                                && Math.abs(other.alpha()) > Math.abs(dose.alpha())))
        .toList();
  }
}
