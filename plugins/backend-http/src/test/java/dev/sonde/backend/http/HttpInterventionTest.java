package dev.sonde.backend.http;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.backend.pytorch.PyTorchPlugin;
import dev.sonde.testkit.InterventionContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Interventions, positions and visibility, asked of a server. */
class HttpInterventionTest extends InterventionContract {
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
