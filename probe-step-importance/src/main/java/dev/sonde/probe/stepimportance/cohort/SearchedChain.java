package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.api.data.Example;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.Optional;

/**
 * A chain in which the search succeeded.
 *
 * @param result what was found
 * @param answer the answer that counted
 * @param planted what was planted in it, where the row says so
 */
public record SearchedChain(SearchResult result, String answer, Optional<Planted> planted) {
  /**
   * The chain of an outcome, with what its row says of it.
   *
   * @param neededColumn the column that says of each step whether it was planted as needed
   * @param eitherColumn the column with steps of which one suffices
   */
  public static Optional<SearchedChain> of(
      RowOutcome outcome, Example example, String neededColumn, String eitherColumn) {
    return outcome
        .found()
        .value()
        .map(
            result ->
                new SearchedChain(
                    result,
                    outcome.answer(),
                    Planted.of(example, result.chain().size(), neededColumn, eitherColumn)));
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
