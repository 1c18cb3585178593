package dev.sonde.probe.stepimportance;

import dev.sonde.api.data.Example;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.search.Finding;
import dev.sonde.probe.stepimportance.search.Variant;
import java.util.List;
import java.util.Optional;

/**
 * A chain in which the search succeeded.
 *
 * @param finding what it found
 * @param answer the answer that counted
 * @param needed the steps that were planted as needed, where the row says so
 */
record Found(Finding finding, String answer, Optional<Mask> needed) {
  /** The chain of an outcome, with what its row says of it. */
  static Optional<Found> of(Outcome outcome, Example example, String neededColumn) {
    return outcome
        .finding()
        .map(
            finding ->
                new Found(finding, outcome.answer(), needed(finding, example, neededColumn)));
  }

  private static Optional<Mask> needed(Finding finding, Example example, String column) {
    if (!example.has(column)) {
      return Optional.empty();
    }
    List<String> flags = example.texts(column);
    if (flags.size() != finding.chain().size()) {
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
  Finding.Core core(Variant variant) {
    return finding.cores().stream()
        .filter(core -> core.variant() == variant)
        .findFirst()
        .orElseThrow();
  }

  /** The core's share of the prefix. */
  double share(Variant variant) {
    return finding.share(core(variant));
  }
}
