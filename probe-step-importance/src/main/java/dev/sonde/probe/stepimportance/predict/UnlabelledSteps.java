package dev.sonde.probe.stepimportance.predict;

import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.cohort.SearchedChain;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchResult.Label;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps between important and removable: a threshold stage kept them and the queue removed
 * them.
 *
 * @param steps the steps, those of a chain one after the other
 * @param influence the mean influence of each on later steps
 */
record UnlabelledSteps(LabelledSteps steps, double[] influence) {
  /** The variant by whose influence steps are left over: the preferred one, else the first. */
  static Optional<SearchVariant> variant(List<SearchedChain> found, SearchVariant preferred) {
    List<SearchVariant> with =
        found.stream()
            .flatMap(each -> each.result().cores().stream())
            .filter(core -> core.influence().isPresent())
            .map(SearchResult.Core::variant)
            .distinct()
            .toList();
    return Stream.of(preferred)
        .filter(with::contains)
        .findFirst()
        .or(() -> with.stream().findFirst());
  }

  /** The steps that a variant left over in the chains that give labels. */
  static UnlabelledSteps of(List<SearchedChain> found, LabelledSteps.Rule rule) {
    List<LabelledSteps.Labelled> steps = new ArrayList<>();
    List<Double> influence = new ArrayList<>();
    for (SearchedChain each : found.stream().filter(rule::takes).toList()) {
      SearchResult result = each.result();
      SearchResult.Core core = each.core(rule.variant());
      InfluenceMatrix matrix = core.influence().orElseThrow();
      Chain read = result.searched();
      int[] prefix = result.prefix().steps();
      for (int row = 0; row < prefix.length; row++) {
        if (result.label(core, prefix[row]) == Label.UNLABELLED) {
          steps.add(new LabelledSteps.Labelled(read, row, false));
          influence.add(matrix.meanOnLater(row));
        }
      }
    }
    return new UnlabelledSteps(
        new LabelledSteps(steps), influence.stream().mapToDouble(each -> each).toArray());
  }
}
