package dev.sonde.probe.position.perturb;

import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.probe.Model;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which perturbations a model can be put to, on how many texts, and what that takes: known before
 * anything runs.
 *
 * @param texts how many texts there are
 * @param longTexts how many texts for longer contexts
 * @param longLength tokens of each of these; 0 where there are none
 */
public record PerturbationCosts(
    PerturbationSettings settings, int texts, int longTexts, int longLength) {

  /**
   * Passes that running a model block by block takes: each block once, and of the next what makes
   * its queries and keys.
   */
  private static final double EXPECTED_PASSES = 1.2;

  /** The same where backends run all of that next block, and all of the first pass. */
  private static final double MOST_PASSES = 3;

  /** On how many texts what stands beside substitutions is run: the fewest with intervals. */
  private static final int FEW_TEXTS = 5;

  /** What a model that learnt nothing loses differs little from text to text. */
  private static final int CONTROL_TEXTS = 2;

  private int trained(Model model) {
    return settings.trained(model.capabilities().longestContext());
  }

  /** Why a perturbation of a model is left out; empty where it is run. */
  Optional<String> obstacle(Perturbation perturbation, Model model) {
    Set<String> missing = missing(perturbation, model);
    if (!missing.isEmpty()) {
      return Optional.of("the backend does not offer " + String.join(", ", missing));
    }
    if (ofLogits(perturbation)
        && model.info().attention().stream().anyMatch(b -> b.rotary().isEmpty())) {
      return Optional.of("some blocks of the model do not turn queries and keys with distance");
    }
    if (there(perturbation) == 0) {
      return Optional.of(
          "the rows do not fill one text of twice the trained window of %d tokens"
              .formatted(trained(model)));
    }
    long cost = cost(perturbation, model, EXPECTED_PASSES);
    return affordable(perturbation, model) > 0
        ? Optional.empty()
        : Optional.of(
            "one text takes %d tokens × blocks, the setting budget allows %d"
                .formatted(cost, settings.budget()));
  }

  private static boolean ofLogits(Perturbation perturbation) {
    return switch (perturbation) {
      case JITTER,
          SUBSTITUTION,
          SUBSTITUTION_BESIDE,
          SUBSTITUTED_BLOCKS,
          SUBSTITUTED_HEADS,
          SHIFTED_DISTANCE ->
          true;
      case ORDER,
          WORDS,
          SENTENCES,
          POSITIONS,
          CONSTANT_DISTANCE,
          CLIPPED_DISTANCE,
          LENGTH,
          PASSKEY ->
          false;
    };
  }

  /**
   * On how many texts a perturbation of a model is run.
   *
   * @param main whether it is the model that all is asked of, not its control
   */
  int texts(Perturbation perturbation, Model model, boolean main) {
    if (obstacle(perturbation, model).isPresent()) {
      return 0;
    }
    int wanted =
        switch (perturbation) {
          case LENGTH, PASSKEY -> settings.longTexts();
          case SUBSTITUTION ->
              main ? settings.substituted() : Math.min(CONTROL_TEXTS, settings.substituted());
          case SUBSTITUTION_BESIDE -> Math.min(FEW_TEXTS, settings.substituted());
          default -> settings.texts();
        };
    return (int) Math.min(affordable(perturbation, model), Math.min(there(perturbation), wanted));
  }

  /** On how many texts heads are compared to first order. */
  int differentiated() {
    return Math.min(settings.texts(), texts);
  }

  /** The most texts that any perturbation of one window takes of a model. */
  int plainTexts(Model model, boolean main) {
    return settings.all().stream()
        .filter(each -> !isLong(each) && (main || each.ofControl()))
        .mapToInt(each -> texts(each, model, main))
        .max()
        .orElse(0);
  }

  private int there(Perturbation perturbation) {
    return isLong(perturbation) ? longTexts : texts;
  }

  private static boolean isLong(Perturbation perturbation) {
    return perturbation == Perturbation.LENGTH || perturbation == Perturbation.PASSKEY;
  }

  private long affordable(Perturbation perturbation, Model model) {
    return settings.budget() / Math.max(1, cost(perturbation, model, EXPECTED_PASSES));
  }

  /**
   * Tokens that are run through a model for all that is asked of it, at most.
   *
   * @param main whether it is the model that all is asked of, not its control
   */
  public long tokens(Model model, boolean main) {
    return tokens(model, main, MOST_PASSES);
  }

  /** The same, as it will probably be. */
  public long expected(Model model, boolean main) {
    return tokens(model, main, EXPECTED_PASSES);
  }

  private long tokens(Model model, boolean main, double passes) {
    long layers = Math.max(1, model.info().layers());
    long plain = (long) plainTexts(model, main) * settings.window();
    return plain
        + settings.all().stream()
            .filter(perturbation -> main || perturbation.ofControl())
            .filter(perturbation -> texts(perturbation, model, main) > 0)
            .mapToLong(
                each -> {
                  long run = texts(each, model, main) * cost(each, model, passes) / layers;
                  run += each == Perturbation.LENGTH ? (long) longTexts * trained(model) : 0;
                  boolean heads = each == Perturbation.SUBSTITUTED_HEADS;
                  return run + (heads ? (long) differentiated() * settings.window() : 0);
                })
            .sum();
  }

  /** Tokens that are differentiated. */
  public long backward(Model model) {
    return settings.asks(Perturbation.SUBSTITUTED_HEADS)
            && texts(Perturbation.SUBSTITUTED_HEADS, model, true) > 0
        ? (long) differentiated() * settings.window()
        : 0;
  }

  /** Tokens × blocks that one text takes under all conditions. */
  private long cost(Perturbation perturbation, Model model, double passes) {
    long layers = model.info().layers();
    long plain = settings.window() * layers;
    long behind = settings.window() * layers * (layers + 1) / 2; // from each block on
    long heads = 2L * settings.exactHeads();
    long conditions = Conditions.ALONE.size();
    long runs =
        Conditions.of(perturbation, settings, model.info(), List.of()).stream()
            .filter(condition -> condition.fraction() > 0)
            .count();
    return switch (perturbation) {
      case ORDER, WORDS, SENTENCES, POSITIONS, CONSTANT_DISTANCE, CLIPPED_DISTANCE -> plain * runs;
      case JITTER, SUBSTITUTION, SUBSTITUTION_BESIDE, SHIFTED_DISTANCE ->
          Math.round(passes * plain * runs);
      case SUBSTITUTED_BLOCKS -> Math.round(passes * plain) + conditions * behind;
      case SUBSTITUTED_HEADS -> Math.round(passes * plain) + conditions * heads * plain;
      case LENGTH -> layers * LongContexts.tokens(model, trained(model), longLength);
      case PASSKEY ->
          Passkeys.DEPTHS.length * layers * LongContexts.tokens(model, trained(model), longLength);
    };
  }

  private static Set<String> missing(Perturbation perturbation, Model model) {
    Set<String> needed =
        switch (perturbation) {
          case ORDER, WORDS -> Set.of();
          case SENTENCES -> Set.of(Capabilities.ATTENTION_MASK);
          case POSITIONS -> Set.of(Capabilities.POSITIONS);
          case JITTER, SUBSTITUTION, SUBSTITUTION_BESIDE, SUBSTITUTED_BLOCKS, SHIFTED_DISTANCE ->
              Set.of(Capabilities.SCORES, Capabilities.START, Intervention.REPLACE);
          case SUBSTITUTED_HEADS ->
              Set.of(
                  Capabilities.SCORES,
                  Capabilities.START,
                  Capabilities.GRADIENTS,
                  Intervention.REPLACE);
          case CONSTANT_DISTANCE, CLIPPED_DISTANCE -> Set.of(Capabilities.DISTANCES);
          case LENGTH, PASSKEY ->
              Set.of(
                  Capabilities.BEYOND_CONTEXT, Capabilities.ATTENTION_MASK, Capabilities.DISTANCES);
        };
    Set<String> missing = new TreeSet<>(needed);
    missing.removeAll(model.capabilities().features());
    missing.removeAll(model.capabilities().interventions());
    if (perturbation == Perturbation.SUBSTITUTED_HEADS) {
      FirstOrder.sites().stream()
          .filter(site -> !model.capabilities().supports(HookPoint.of(0, site)))
          .forEach(missing::add);
    }
    return missing;
  }
}
