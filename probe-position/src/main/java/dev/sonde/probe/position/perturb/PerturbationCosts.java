package dev.sonde.probe.position.perturb;

import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Model;
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

  private int trained(Model model) {
    return settings.trained(model.capabilities().longestContext());
  }

  /** Why a perturbation of a model is left out; empty where it is run. */
  Optional<String> obstacle(Perturbation perturbation, Model model) {
    Set<String> missing = missing(perturbation, model);
    if (!missing.isEmpty()) {
      return Optional.of("the backend does not offer " + String.join(", ", missing));
    }
    boolean ofScores =
        perturbation == Perturbation.JITTER || perturbation == Perturbation.SUBSTITUTION;
    if (ofScores && model.info().attention().stream().anyMatch(b -> b.rotary().isEmpty())) {
      return Optional.of("some blocks of the model do not turn queries and keys with distance");
    }
    if (there(perturbation) == 0) {
      return Optional.of(
          "the rows do not fill one text of twice the trained window of %d tokens"
              .formatted(trained(model)));
    }
    long cost = cost(perturbation, model);
    return affordable(perturbation, model) > 0
        ? Optional.empty()
        : Optional.of(
            "one text takes %d tokens × blocks, the setting budget allows %d"
                .formatted(cost, settings.budget()));
  }

  /** On how many texts a perturbation of a model is run. */
  int texts(Perturbation perturbation, Model model) {
    if (obstacle(perturbation, model).isPresent()) {
      return 0;
    }
    int wanted = perturbation == Perturbation.LENGTH ? settings.longTexts() : settings.texts();
    return (int) Math.min(affordable(perturbation, model), Math.min(there(perturbation), wanted));
  }

  private int there(Perturbation perturbation) {
    return perturbation == Perturbation.LENGTH ? longTexts : texts;
  }

  private long affordable(Perturbation perturbation, Model model) {
    return settings.budget() / Math.max(1, cost(perturbation, model));
  }

  /**
   * Tokens that are run through a model for all that is asked of it.
   *
   * @param lengths whether it is also asked for longer contexts
   */
  public long tokens(Model model, boolean lengths) {
    return settings.asked().stream()
        .distinct()
        .filter(perturbation -> lengths || perturbation != Perturbation.LENGTH)
        .mapToLong(each -> texts(each, model) * tokens(each, model))
        .sum();
  }

  /** Tokens that one text takes: as it is, then under each condition. */
  private long tokens(Perturbation perturbation, Model model) {
    long conditions = PerturbedShard.conditions(perturbation, settings).size();
    long passes = model.info().layers() + 1L; // one up to each block, and one with all changes
    long still = settings.fractions().stream().filter(fraction -> fraction == 0).count();
    return switch (perturbation) {
      case ORDER, POSITIONS, CONSTANT_DISTANCE -> settings.window() * (1 + conditions);
      case JITTER -> settings.window() * (1 + still + (conditions - still) * passes);
      case SUBSTITUTION -> settings.window() * (1 + conditions * passes);
      case LENGTH -> trained(model) + LongContexts.tokens(trained(model), longLength);
    };
  }

  /** Tokens × blocks that one text takes. */
  private long cost(Perturbation perturbation, Model model) {
    ModelInfo info = model.info();
    long layers = info.layers();
    long plain = settings.window() * layers;
    long blockByBlock = settings.window() * layers * (layers + 1) / 2 + plain;
    long conditions = PerturbedShard.conditions(perturbation, settings).size();
    return switch (perturbation) {
      case ORDER, POSITIONS, CONSTANT_DISTANCE -> plain * conditions;
      case JITTER, SUBSTITUTION -> blockByBlock * conditions;
      case LENGTH -> layers * LongContexts.tokens(trained(model), longLength);
    };
  }

  private static Set<String> missing(Perturbation perturbation, Model model) {
    Set<String> needed =
        switch (perturbation) {
          case ORDER -> Set.of();
          case POSITIONS -> Set.of(Capabilities.POSITIONS);
          case JITTER, SUBSTITUTION -> Set.of(Capabilities.SCORES, Intervention.REPLACE);
          case CONSTANT_DISTANCE -> Set.of(Capabilities.DISTANCES);
          case LENGTH ->
              Set.of(
                  Capabilities.BEYOND_CONTEXT, Capabilities.ATTENTION_MASK, Capabilities.DISTANCES);
        };
    Set<String> missing = new TreeSet<>(needed);
    missing.removeAll(model.capabilities().features());
    missing.removeAll(model.capabilities().interventions());
    return missing;
  }
}
