package dev.sonde.api.evaluate;

import java.util.Optional;

/** A scorer with a remark on its fit. */
record RemarkedScorer(Scorer scorer, String text) implements Scorer {
  @Override
  public double[] score(Design rows) {
    return scorer.score(rows);
  }

  @Override
  public Optional<double[]> linearWeights() {
    return scorer.linearWeights();
  }

  @Override
  public double bias() {
    return scorer.bias();
  }

  @Override
  public Optional<ScorerForm> form() {
    return scorer.form();
  }

  @Override
  public Optional<String> remark() {
    return Optional.of(text);
  }
}
