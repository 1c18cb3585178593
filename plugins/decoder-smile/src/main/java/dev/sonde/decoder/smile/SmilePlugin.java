package dev.sonde.decoder.smile;

import dev.sonde.api.Plugin;
import dev.sonde.api.evaluate.DecoderFactory;
import java.util.List;

/** Offers the decoder {@code logistic}. */
public final class SmilePlugin implements Plugin {
  /** For the service loader. */
  public SmilePlugin() {}

  @Override
  public String id() {
    return "decoder-smile";
  }

  @Override
  public List<DecoderFactory> decoders() {
    return List.of(new LogisticFactory());
  }
}
