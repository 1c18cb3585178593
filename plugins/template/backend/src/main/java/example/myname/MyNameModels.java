package example.myname;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens models: only what describes them is read here. */
final class MyNameModels implements ModelBackendFactory {
  @Override
  public String name() {
    return "my-name";
  }

  @Override
  public String summary() {
    return "running means of random embeddings; a stand-in to be replaced";
  }

  @Override
  public Settings settings() {
    return Settings.none().integer("width", 16, "Numbers a row.");
  }

  @Override
  public LanguageModel open(ModelSource source) {
    Path tokenizer = source.path().resolve("tokenizer.json");
    if (!Files.exists(tokenizer)) {
      throw new ModelUnavailableException(source.ref() + ": has no tokenizer.json");
    }
    return new MyNameModel(tokenizer, source.config().integer("width"), source.freshSeed());
  }
}
