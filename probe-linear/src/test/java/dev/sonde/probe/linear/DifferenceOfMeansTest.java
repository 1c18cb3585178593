package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.testkit.DecoderContract;

class DifferenceOfMeansTest extends DecoderContract {
  @Override
  protected DecoderFactory factory() {
    return new DifferenceOfMeansFactory();
  }
}
