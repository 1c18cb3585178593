package example.myname;

import dev.sonde.testkit.PackagingContract;
import java.nio.file.Path;

class MyNamePackagingIT extends PackagingContract {
  @Override
  protected Path folder() {
    return Path.of("target", "plugins", "my-name");
  }
}
