package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.List;

/**
 * Mass-mean probing with covariance (Marks and Tegmark 2023): the difference of class means, tilted
 * by the inverse covariance, {@code w = S⁻¹δ}, nothing shrunk. S⁻¹δ and T⁻¹δ point the same way,
 * where S is the covariance within the classes and T that of all rows; T⁻¹ is taken on what the
 * rows span. The unit vector is used. With fewer rows than features it fits its training rows
 * exactly, and {@code lda} is the better choice.
 */
final class MassMean implements Decoder {
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
    double[][] weights = rows.inFeatures((axis, l) -> rows.slope(axis, l) / rows.variance(axis));
    List<Scorer> scorers = new ArrayList<>();
    for (double[] tilted : weights) {
      double[] unit = Directions.unit(tilted);
      scorers.add(Scorer.linear(unit, -rows.atMean(unit)));
    }
    return scorers;
  }
}
