package dev.sonde.backend.http;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.backend.pytorch.PyTorchPlugin;
import dev.sonde.testkit.GradientContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Gradients of objectives, asked of a server. */
class HttpGradientTest extends GradientContract {
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
    return new ServedFactory(server, new PyTorchPlugin().backends().getFirst(), List.of());
  }
}
