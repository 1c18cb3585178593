package example.myname;

import dev.sonde.api.config.Config;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;

/** Offers the decoder under the name that experiment files use. */
final class MyNameDecoders implements DecoderFactory {
  @Override
  public String name() {
    return "my-name";
  }

  @Override
  public String summary() {
    return "the slope of each feature by itself";
  }

  @Override
  public Decoder create(Config config) {
    return new MyNameDecoder();
  }
}
