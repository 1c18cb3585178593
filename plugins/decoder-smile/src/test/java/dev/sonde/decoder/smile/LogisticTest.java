package dev.sonde.decoder.smile;

import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.testkit.DecoderContract;

class LogisticTest extends DecoderContract {
  @Override
  protected DecoderFactory factory() {
    return new LogisticFactory();
  }
}
