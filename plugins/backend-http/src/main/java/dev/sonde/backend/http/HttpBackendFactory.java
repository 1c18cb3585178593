package dev.sonde.backend.http;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.wire.ModelService;
import dev.sonde.wire.ServedModel;
import dev.sonde.wire.WireException;
import dev.sonde.wire.WireMessage;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Opens files that say where a server is. */
final class HttpBackendFactory implements ModelBackendFactory {
  private static final String TOKENIZER = "tokenizer";

  @Override
  public String name() {
    return "http";
  }

  @Override
  public String summary() {
    return "a model on a server; model.ref is a file with its url";
  }

  @Override
  public LanguageModel open(ModelSource source) {
    Path file = source.path();
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new ModelUnavailableException(
          "model '%s': %s is no file with a url".formatted(source.ref(), file), e);
    }
    String url = properties.getProperty("url", "").strip();
    if (!url.matches("https?://\\S+")) {
      throw new ModelUnavailableException(
          "model '%s': %s has no line 'url = http://…'".formatted(source.ref(), file));
    }
    if (source.freshSeed().isPresent()) {
      throw new ModelUnavailableException(
          "model '%s': a server's weights cannot be drawn afresh; set evaluation.random_init: false"
              .formatted(source.ref()));
    }
    Server server = new Server(URI.create(url));
    try {
      return new HttpBackend(server, served(server, file, properties));
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static ServedModel served(Server server, Path file, Properties properties) {
    try (Server.Answer answer = server.get(ModelService.MODEL)) {
      WireMessage description = answer.next();
      Path tokenizer =
          file.toAbsolutePath()
              .resolveSibling(properties.getProperty(TOKENIZER, "tokenizer.json").strip());
      boolean here = properties.containsKey(TOKENIZER) || Files.exists(tokenizer);
      try {
        return here
            ? ServedModel.of(description, TokenizerSource.of(tokenizer))
            : ServedModel.of(description);
      } catch (WireException e) {
        throw answer.broken(e);
      }
    }
  }
}
