package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.List;

/**
 * Ridge regression on the targets: {@code w = (T + λI)⁻¹ v δ} with the rows' covariance T, the
 * slope δ and the targets' variance v. The penalty λ is given as a share of the mean variance of a
 * feature, so that it means the same at every hook point.
 */
final class Ridge implements Decoder {
  private final double penalty;

  Ridge(double penalty) {
    this.penalty = penalty;
  }

  @Override
  public boolean closedForm() {
    return true;
  }

  @Override
  public Scorer fit(Design train, Targets targets) {
    return fitAll(train, List.of(targets)).getFirst();
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    RowsInAxes rows = RowsInAxes.of(train, many);
    double lambda = penalty * rows.totalVariance() / rows.features();
    double[][] weights =
        rows.inFeatures(
            (axis, l) ->
                rows.targetVariance(l) * rows.slope(axis, l) / (rows.variance(axis) + lambda));
    List<Scorer> scorers = new ArrayList<>();
    for (int l = 0; l < weights.length; l++) {
      scorers.add(Scorer.linear(weights[l], rows.targetMean(l) - rows.atMean(weights[l])));
    }
    return scorers;
  }
}
