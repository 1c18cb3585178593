package dev.sonde.probe.stepimportance;

import dev.sonde.probe.stepimportance.search.Finding;
import dev.sonde.probe.stepimportance.search.Finding.Label;
import dev.sonde.probe.stepimportance.search.InfluenceMatrix;
import dev.sonde.probe.stepimportance.search.Variant;
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
record Middle(LabelledSteps steps, double[] influence) {
  /** The variant by whose influence steps are left over: the preferred one, else the first. */
  static Optional<Variant> variant(List<Found> found, Variant preferred) {
    List<Variant> with =
        found.stream()
            .flatMap(each -> each.finding().cores().stream())
            .filter(core -> core.influence().isPresent())
            .map(Finding.Core::variant)
            .distinct()
            .toList();
    return Stream.of(preferred)
        .filter(with::contains)
        .findFirst()
        .or(() -> with.stream().findFirst());
  }

  /** The steps that a variant left over in the chains that give labels. */
  static Middle of(List<Found> found, LabelledSteps.Rule rule) {
    List<LabelledSteps.Labelled> steps = new ArrayList<>();
    List<Double> influence = new ArrayList<>();
    for (Found each : found.stream().filter(rule::takes).toList()) {
      Finding finding = each.finding();
      Finding.Core core = each.core(rule.variant());
      InfluenceMatrix matrix = core.influence().orElseThrow();
      for (int row = 0; row < matrix.size(); row++) {
        int step = matrix.steps()[row];
        if (step >= 0 && finding.label(core, step) == Label.UNLABELLED) {
          steps.add(new LabelledSteps.Labelled(finding.chain(), step, false));
          influence.add(matrix.meanOnLater(row));
        }
      }
    }
    return new Middle(
        new LabelledSteps(steps), influence.stream().mapToDouble(each -> each).toArray());
  }
}
