package example.myname;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.BackendContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class MyNameModelTest extends BackendContract {
  @Override
  protected ModelBackendFactory factory() {
    return new MyNameModels();
  }

  @Override
  protected Path model(Path folder) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    return folder;
  }
}
