package dev.sonde.backend.http;

import dev.sonde.api.config.Settings;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import java.util.List;

/** Opens a model with another backend, puts it behind a server and asks that. */
final class ServedFactory implements ModelBackendFactory {
  private final ModelServer server;
  private final ModelBackendFactory serving;
  private final List<String> pieces;

  ServedFactory(ModelServer server, ModelBackendFactory serving, List<String> pieces) {
    this.server = server;
    this.serving = serving;
    this.pieces = pieces;
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public String summary() {
    return "a model behind a server";
  }

  @Override
  public Settings settings() {
    return serving.settings();
  }

  @Override
  public LanguageModel open(ModelSource source) {
    LanguageModel served = serving.open(source);
    String url = server.serve(served, pieces);
    return new HttpBackendFactory()
        .open(
            ModelSource.of(
                    source.ref(),
                    ModelServer.file(source.path(), url),
                    source.resources(),
                    source.config())
                .dtype(source.dtype()));
  }
}
