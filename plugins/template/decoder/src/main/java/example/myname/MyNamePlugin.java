package example.myname;

import dev.sonde.api.Plugin;
import dev.sonde.api.evaluate.DecoderFactory;
import java.util.List;

/** What the plugin offers. */
public final class MyNamePlugin implements Plugin {
  @Override
  public String id() {
    return "my-name";
  }

  @Override
  public List<DecoderFactory> decoders() {
    return List.of(new MyNameDecoders());
  }
}
