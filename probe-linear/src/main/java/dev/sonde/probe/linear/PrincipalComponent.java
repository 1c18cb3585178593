package dev.sonde.probe.linear;

import static dev.sonde.probe.linear.Directions.dot;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.LeadingAxis;
import dev.sonde.statistics.Ranks;
import java.util.List;
import java.util.Optional;

/**
 * The projection on the first principal component of all training rows: labels decide its sign
 * only. The sign is repeng's: it is turned so that in most pairs of a positive and a negative row
 * the positive one lies higher.
 */
final class PrincipalComponent implements SharedFit {
  @Override
  public Optional<LinearForm> linearForm() {
    return Optional.of(LinearForm.axis());
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    Covariance covariance = train.covariance();
    double[] axis = LeadingAxis.of(covariance.mean().length, covariance.trace(), covariance::times);
    double[] along = Scorer.linear(axis, -dot(covariance.mean(), axis)).score(train);
    if (LeadingAxis.pointsAway(along)) {
      axis = Directions.times(-1, axis);
      along = Directions.times(-1, along);
    }
    double[] ranks = Ranks.of(along);
    double atMean = dot(covariance.mean(), axis);
    Scorer ascending = Scorer.linear(axis, -atMean);
    Scorer descending = Scorer.linear(Directions.times(-1, axis), atMean);
    return many.stream()
        .map(targets -> mostPairsAscend(ranks, targets) ? ascending : descending)
        .toList();
  }

  /** Whether positive rows rank above negative ones in most pairs (Mann and Whitney's U). */
  private static boolean mostPairsAscend(double[] ranks, Targets targets) {
    double mean = targets.mean();
    double sum = 0;
    for (int row = 0; row < ranks.length; row++) {
      sum += (targets.value(row) - mean) * ranks[row];
    }
    return sum >= 0;
  }
}
