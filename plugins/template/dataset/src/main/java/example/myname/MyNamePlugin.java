package example.myname;

import dev.sonde.api.Plugin;
import dev.sonde.api.data.DatasetFactory;
import java.util.List;

/** What the plugin offers. */
public final class MyNamePlugin implements Plugin {
  @Override
  public String id() {
    return "my-name";
  }

  @Override
  public List<DatasetFactory> datasets() {
    return List.of(new MyNameFiles());
  }
}
