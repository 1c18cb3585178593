package dev.sonde.probe.position;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import dev.sonde.probe.position.perturb.Perturbation;
import dev.sonde.probe.position.perturb.PerturbationSettings;
import dev.sonde.probe.position.read.ScoredPart;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.PatternSyntaxException;

/**
 * How the probe was asked to work.
 *
 * @param window tokens of a text
 * @param texts how many texts, at most
 * @param first how many first tokens are left out: 1, or 0 where the first is kept
 * @param slowAngle radians over the window below which a plane is slow
 * @param scored what of a row counts in losses
 * @param perturbations what is done to the running model
 * @param maps which heads are shown on which text
 */
record PositionSettings(
    int window,
    int texts,
    int first,
    double slowAngle,
    ScoredPart scored,
    PerturbationSettings perturbations,
    MapSettings maps) {
  private static final int FEWEST_TOKENS = 8;

  static final Settings SETTINGS =
      Settings.none()
          .integer("window", 256, "tokens per text; shorter rows are joined, longer ones are cut")
          .integer("texts", 16, "maximum number of texts")
          .flag(
              "keep_first",
              false,
              "whether the first token of a text, often an attention sink, is included")
          .real(
              "slow_angle",
              1,
              "a plane is slow if it rotates by less than this many radians over a"
                  + " window; at most 2")
          .string(
              "scored",
              "",
              "regular expression for what of a row counts in losses, its first group if it"
                  + " has one: of a model that was trained on answers alone, answers; empty for"
                  + " all")
          .strings(
              "perturbations",
              Perturbation.usual(),
              "what is done to the running model: "
                  + String.join(", ", Perturbation.names())
                  + "; [] for none; passkey takes a model that writes English")
          .reals(
              "fractions",
              List.of(0.0, 0.05, 0.1, 0.5),
              "shares of tokens that are swapped, and of query-key pairs that are jittered")
          .integer(
              "reach",
              4,
              "maximum distance between swapped tokens, wider ranges beside it; and the largest jitter")
          .integer(
              "perturbed_texts",
              5,
              "maximum number of texts that are perturbed; other logits in"
                  + " all blocks take all texts")
          .integer(
              "exact_heads",
              3,
              "heads that are run with other logits in them alone: as many with the largest"
                  + " effect, to first order, of uniform attention and as many of f + g")
          .integer(
              "long_texts",
              2,
              "maximum number of texts that get longer contexts; the last half window"
                  + " of each is scored")
          .integer(
              "budget",
              2_000_000,
              "tokens × blocks that each kind of perturbation may run on a model; a"
                  + " kind that needs more takes fewer texts or is left out")
          .string(
              "map_text",
              "",
              "a text whose logits are shown as position, meaning and the rest, as long as"
                  + " 'window' at most; empty: the first text")
          .integer("map_tokens", 32, "tokens that are drawn of it")
          .strings(
              "map_heads",
              List.of(),
              "heads that are shown on it, as block.head; empty: the three that are least a sum")
          .flag(
              "grids",
              false,
              "whether the logits of the text's last token with all keys at all distances are"
                  + " saved, of the heads that are shown")
          .optional(
              "trained_length",
              Setting.Type.INTEGER,
              "tokens of the window the model was trained with; longer contexts are"
                  + " multiples of it; default: its longest context");

  static PositionSettings of(Config config) {
    requireAtLeast(config, "window", FEWEST_TOKENS);
    requireAtLeast(config, "texts", 1);
    requireAtLeast(config, "reach", 1);
    requireAtLeast(config, "perturbed_texts", 1);
    requireAtLeast(config, "exact_heads", 0);
    requireAtLeast(config, "long_texts", 1);
    requireAtLeast(config, "budget", 0);
    requireAtLeast(config, "map_tokens", FEWEST_TOKENS);
    if (!(config.real("slow_angle") > 0 && config.real("slow_angle") <= 2)) {
      throw config.error("slow_angle", "must be above 0 and at most 2 radians");
    }
    for (String name : config.strings("perturbations")) {
      if (!Perturbation.names().contains(name)) {
        throw config.error(
            "perturbations",
            "'%s' is not one of %s".formatted(name, String.join(", ", Perturbation.names())));
      }
    }
    for (double fraction : config.reals("fractions")) {
      if (!(fraction >= 0 && fraction <= 1)) {
        throw config.error("fractions", "%s is not between 0 and 1".formatted(fraction));
      }
    }
    OptionalInt trained = OptionalInt.empty();
    if (config.has("trained_length")) {
      requireAtLeast(config, "trained_length", FEWEST_TOKENS);
      trained = OptionalInt.of(config.integer("trained_length"));
    }
    int window = config.integer("window");
    int first = config.flag("keep_first") ? 0 : 1;
    return new PositionSettings(
        window,
        config.integer("texts"),
        first,
        config.real("slow_angle"),
        scored(config),
        new PerturbationSettings(
            window,
            first,
            config.strings("perturbations").stream().map(Perturbation::named).toList(),
            config.reals("fractions"),
            config.integer("reach"),
            config.integer("perturbed_texts"),
            config.integer("texts"),
            config.integer("exact_heads"),
            config.integer("long_texts"),
            config.integer("budget"),
            trained),
        MapSettings.of(config));
  }

  private static ScoredPart scored(Config config) {
    try {
      return ScoredPart.of(config.string("scored"));
    } catch (PatternSyntaxException e) {
      throw config.error("scored", "is no regular expression: " + e.getDescription());
    }
  }

  private static void requireAtLeast(Config config, String key, int least) {
    if (config.integer(key) < least) {
      throw config.error(key, "must be at least %d".formatted(least));
    }
  }
}
