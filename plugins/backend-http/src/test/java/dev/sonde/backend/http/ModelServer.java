package dev.sonde.backend.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.wire.ModelService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's server with models behind it, each below a path of its own. */
final class ModelServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int models;

  ModelServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.start();
  }

  /** Answers of something that is no model. */
  interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  /** Serves whatever answers; the url below which it does. */
  synchronized String serve(Handler handler) {
    String path = "/" + models++;
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            handler.answer(exchange);
          }
        });
    return "http://localhost:%d%s".formatted(server.getAddress().getPort(), path);
  }

  /**
   * Serves a model; the url below which it is.
   *
   * @param pieces what each token adds to a text; empty where the server knows no texts
   */
  String serve(LanguageModel model, List<String> pieces) {
    ModelService service = new ModelService(model, pieces);
    return serve(
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          service.answer(
              path.substring(path.indexOf('/', 1)),
              exchange.getRequestBody(),
              status -> {
                exchange.sendResponseHeaders(status, 0);
                return exchange.getResponseBody();
              });
        });
  }

  /** A file that says where a model is. */
  static Path file(Path folder, String url) {
    try {
      return Files.writeString(folder.resolve("server.properties"), "url = " + url + "\n");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
