package dev.sonde.probe.linear;

import static dev.sonde.probe.linear.Directions.dot;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.Ranks;
import java.util.List;

/**
 * The projection on the first principal component of all training rows: labels decide its sign
 * only. The sign is repeng's: it is turned so that in most pairs of a positive and a negative row
 * the positive one lies higher.
 */
final class PrincipalComponent implements SharedFit {
  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    Covariance covariance = train.covariance();
    double[] axis = LeadingAxis.of(covariance, train.linearAlgebra());
    double atMean = dot(covariance.mean(), axis);
    double[] ranks = Ranks.of(Scorer.linear(axis, -atMean).score(train));
    double[] turned = Directions.times(-1, axis);
    return many.stream()
        .map(
            targets ->
                mostPairsAscend(ranks, targets)
                    ? Scorer.linear(axis, -atMean)
                    : Scorer.linear(turned, atMean))
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
