package dev.sonde.decoder.smile;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Standardised;
import dev.sonde.api.evaluate.Targets;
import java.util.List;

/**
 * Logistic regression on features {@linkplain Standardised standardised} by the training rows. The
 * fitted weights are given for the features as they are, so that scoring is one product. Graded
 * targets are parted at their cut, or at their mean.
 */
final class Logistic implements Decoder {
  private static final String UNFINISHED =
      "its steps were used up before the loss was at its least: the figure is that of an unfinished fit; raise lambda";

  private final double lambda;

  Logistic(double lambda) {
    this.lambda = lambda;
  }

  @Override
  public Scorer fit(Design train, Targets targets) {
    return fitAll(train, List.of(targets)).getFirst();
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    Standardised standardised = train.standardised();
    FitSpace space = FitSpace.of(standardised.rows());
    return many.stream().map(targets -> fit(standardised, space, targets.classes())).toList();
  }

  private Scorer fit(Standardised standardised, FitSpace space, Targets classes) {
    if (!classes.vary()) {
      return standardised.linear(new double[standardised.scale().length], 0);
    }
    boolean[] positive = new boolean[classes.size()];
    for (int row = 0; row < positive.length; row++) {
      positive[row] = classes.positive(row);
    }
    QuasiNewton.Fit fit = new QuasiNewton(space, positive, lambda).fit();
    Scorer scorer = standardised.linear(fit.weights(), fit.intercept());
    return fit.converged() ? scorer : scorer.remarked(UNFINISHED);
  }
}
