package dev.sonde.backend.http;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.BackendContract;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract against the server of the wire page, where there is a Python. */
class PythonServerTest extends BackendContract {
  private static final Path PAGE = Path.of("..", "..", "docs", "wire.md");
  private static final String FENCE = "```";

  @TempDir static Path scripts;

  private static Process server;
  private static String port = "";

  @BeforeAll
  static void startServer() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(FENCE + "python\n") + FENCE.length() + "python\n".length();
    Path script =
        Files.writeString(
            scripts.resolve("server.py"), page.substring(from, page.indexOf(FENCE, from)));
    try {
      server = new ProcessBuilder("python3", script.toString()).start();
    } catch (IOException e) {
      Assumptions.abort("there is no python3 here: " + e.getMessage());
    }
    BufferedReader said = server.inputReader();
    port = String.valueOf(said.readLine());
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.destroy();
    }
  }

  @Override
  protected ModelBackendFactory factory() {
    return new HttpBackendFactory();
  }

  @Override
  protected Path model(Path place) {
    return ModelServer.file(place, "http://localhost:" + port);
  }
}
