package dev.sonde.backend.http;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.GenerationContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Continuations, asked of a server. */
class HttpGenerationTest extends GenerationContract {
  private static ModelServer server;

  @BeforeAll
  static void startServer() {
    server = new ModelServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  protected ModelBackendFactory factory() {
    return new ServedFactory(server, HttpBackendTest.reference(), List.of());
  }
}
