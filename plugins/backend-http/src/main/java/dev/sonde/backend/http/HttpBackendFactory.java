package dev.sonde.backend.http;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Opens files that say where a server is. */
final class HttpBackendFactory implements ModelBackendFactory {
  @Override
  public String name() {
    return "http";
  }

  @Override
  public String summary() {
    return "activations from a server; model.ref is a file with its url";
  }

  @Override
  public ModelBackend open(ModelSource source) {
    Path file = source.path();
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new ModelUnavailableException(
          "model '%s': %s is no file with a url".formatted(source.ref(), file), e);
    }
    String url = properties.getProperty("url", "");
    if (!url.matches("https?://.+")) {
      throw new ModelUnavailableException(
          "model '%s': %s has no line 'url = http://…'".formatted(source.ref(), file));
    }
    if (source.freshSeed().isPresent()) {
      throw new ModelUnavailableException(
          "model '%s': a server's weights cannot be drawn afresh; set evaluation.random_init: false"
              .formatted(source.ref()));
    }
    Path tokenizer =
        file.toAbsolutePath().resolveSibling(properties.getProperty("tokenizer", "tokenizer.json"));
    return new HttpBackend(new Server(URI.create(url)), tokenizer);
  }
}
