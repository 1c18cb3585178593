package dev.sonde.probe.linear;

import dev.sonde.api.config.Config;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;

/** Makes {@link DifferenceOfMeans}. */
final class DifferenceOfMeansFactory implements DecoderFactory {
  @Override
  public String name() {
    return "difference_of_means";
  }

  @Override
  public String summary() {
    return "projection on the difference of the class means";
  }

  @Override
  public Decoder create(Config config) {
    return new DifferenceOfMeans();
  }
}
