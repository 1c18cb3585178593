package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.api.data.Example;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.List;
import java.util.Optional;

/**
 * A chain in which the search succeeded.
 *
 * @param result what was found
 * @param answer the answer that counted
 * @param needed the steps that were planted as needed, where the row says so
 */
public record SearchedChain(SearchResult result, String answer, Optional<Mask> needed) {
  /** The chain of an outcome, with what its row says of it. */
  public static Optional<SearchedChain> of(
      RowOutcome outcome, Example example, String neededColumn) {
    return outcome
        .found()
        .value()
        .map(
            result ->
                new SearchedChain(result, outcome.answer(), needed(result, example, neededColumn)));
  }

  private static Optional<Mask> needed(SearchResult result, Example example, String column) {
    if (!example.has(column)) {
      return Optional.empty();
    }
    List<String> flags = example.texts(column);
    if (flags.size() != result.chain().size()) {
      return Optional.empty(); // the model's own chain has other steps than the row's
    }
    Mask needed = Mask.of();
    for (int step = 0; step < flags.size(); step++) {
      if (Boolean.parseBoolean(flags.get(step))) {
        needed = needed.with(step);
      }
    }
    return Optional.of(needed);
  }

  /** What a variant found. */
  public SearchResult.Core core(SearchVariant variant) {
    return result.cores().stream()
        .filter(core -> core.variant() == variant)
        .findFirst()
        .orElseThrow();
  }

  /** The core's share of the prefix. */
  public double share(SearchVariant variant) {
    return result.share(core(variant));
  }
}
