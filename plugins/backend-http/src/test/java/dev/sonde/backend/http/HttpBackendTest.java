package dev.sonde.backend.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.BackendContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract against a server whose rows are running sums of token ids. */
class HttpBackendTest extends BackendContract {
  private static final int WIDTH = 5;
  private static HttpServer server;

  @BeforeAll
  static void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/model", HttpBackendTest::describe);
    server.createContext("/forward", HttpBackendTest::run);
    server.start();
  }

  @AfterAll
  static void stopServer() {
    server.stop(0);
  }

  private static void describe(HttpExchange exchange) throws IOException {
    String text =
        """
        architecture = sums
        layers = 2
        width = 5
        vocabulary = 100
        context = 40
        hash = 0123456789abcdef
        sites = hook_resid_post:5 hook_mlp_out:5
        """;
    answer(exchange, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void run(HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    List<String> lines = asked.lines().toList();
    List<Float> rows = new ArrayList<>();
    for (String point : lines.getFirst().split(" ")) {
      for (String line : lines.subList(1, lines.size())) {
        float sum = point.hashCode() % 7;
        for (String token : line.split(" ")) {
          sum += Integer.parseInt(token);
          for (int c = 0; c < WIDTH; c++) {
            rows.add(sum / (c + 1));
          }
        }
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * rows.size()).order(ByteOrder.LITTLE_ENDIAN);
    rows.forEach(bytes::putFloat);
    answer(exchange, bytes.array());
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  protected ModelBackendFactory factory() {
    return new HttpBackendFactory();
  }

  @Override
  protected Path model(Path place) throws IOException {
    return Files.writeString(
        place.resolve("server.properties"),
        "url = http://localhost:%d\n".formatted(server.getAddress().getPort()));
  }
}
