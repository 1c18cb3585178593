package example.myname;

import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.testkit.DecoderContract;

class MyNameDecoderTest extends DecoderContract {
  @Override
  protected DecoderFactory factory() {
    return new MyNameDecoders();
  }
}
