package dev.sonde.probe.influence.check;

import dev.sonde.api.config.Config;
import java.util.List;
import java.util.Optional;

/**
 * How scores are checked by training again.
 *
 * @param from the further model at which training on the documents began; empty: nothing is trained
 * @param read the set with retrainings of an earlier run; empty: there is none
 * @param recipe how the model was trained on the documents
 * @param subsets random halves of the documents, and seeds of the order for each
 * @param removals what is removed, group by group
 */
public record RetrainingSettings(
    Optional<String> from,
    Optional<String> read,
    TrainingRecipe recipe,
    Subsets subsets,
    Removals removals) {

  /** Choices of documents that are no removal: all, and random halves. */
  private static final int FULL_AND_HALVES = 2;

  /**
   * Random halves of the documents.
   *
   * @param count how many
   * @param seeds orders that each is trained in
   */
  record Subsets(int count, int seeds) {}

  /**
   * Documents that are removed.
   *
   * @param kinds of the queries
   * @param groups most groups of a kind
   * @param queries of a group
   * @param documents that are removed for each query of a group
   * @param seeds orders that the rest is trained in
   */
  public record Removals(List<String> kinds, int groups, int queries, int documents, int seeds) {}

  /** As configured. */
  public static RetrainingSettings of(Config config) {
    for (String notNegative : List.of("subsets", "groups")) {
      if (config.integer(notNegative) < 0) {
        throw config.error(notNegative, "must not be negative");
      }
    }
    for (String atLeastOne :
        List.of(
            "retrain_batch",
            "retrain_rounds",
            "subset_seeds",
            "group_size",
            "removed",
            "removal_seeds")) {
      if (config.integer(atLeastOne) < 1) {
        throw config.error(atLeastOne, "must be at least 1");
      }
    }
    if (!(config.real("retrain_rate") > 0)) {
      throw config.error("retrain_rate", "must be positive");
    }
    return new RetrainingSettings(
        optional(config, "retrain_from"),
        optional(config, "retrained"),
        new TrainingRecipe(
            config.integer("retrain_batch"),
            config.integer("retrain_rounds"),
            config.real("retrain_rate")),
        new Subsets(config.integer("subsets"), config.integer("subset_seeds")),
        new Removals(
            config.strings("group_kind"),
            config.integer("groups"),
            config.integer("group_size"),
            config.integer("removed"),
            config.integer("removal_seeds")));
  }

  /** How often training is repeated, at most. */
  public int trainings() {
    int chosen = DocumentChoice.values().length - FULL_AND_HALVES;
    return from.isEmpty()
        ? 0
        : subsets.count() * subsets.seeds()
            + removals.seeds() * (1 + chosen * removals.groups() * removals.kinds().size());
  }

  private static Optional<String> optional(Config config, String name) {
    return config.has(name) ? Optional.of(config.string(name)) : Optional.empty();
  }
}
