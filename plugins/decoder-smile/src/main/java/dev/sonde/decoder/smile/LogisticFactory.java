package dev.sonde.decoder.smile;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;

/** Makes {@link Logistic}. */
final class LogisticFactory implements DecoderFactory {
  @Override
  public String name() {
    return "logistic";
  }

  @Override
  public String summary() {
    return "logistic regression with an L2 penalty on standardised features, by a quasi-Newton method";
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .real("lambda", 1, "L2 penalty on the summed loss; 1/C in scikit-learn's terms");
  }

  @Override
  public Decoder create(Config config) {
    return new Logistic(config.real("lambda"));
  }
}
