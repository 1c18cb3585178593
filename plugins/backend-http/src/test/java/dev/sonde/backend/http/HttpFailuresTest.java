package dev.sonde.backend.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a server is told with its address and what to do. */
class HttpFailuresTest {
  private static final String MODEL =
      """
      {"sonde_wire": 1, "architecture": "sums", "content_hash": "0123456789abcdef", "layers": 1, \
      "width": 2, "vocabulary": 10, "widths": {"hook_embed": 2}, "capabilities": {"longest_context": \
      8, "selectors": ["all", "last"], "reductions": ["none"]}}
      {"end": true}
      """;
  private static final ForwardRequest REQUEST =
      ForwardRequest.of(List.of(Sequence.of(1, 2))).read(Read.of(HookPoint.EMBED, Selector.last()));

  @TempDir Path folder;

  private final ModelServer server = new ModelServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aServerThatIsNotThereIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> open("http://localhost:1"))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("http://localhost:1/model")
        .hasMessageContaining("is the server running");
  }

  @Test
  void anAddressThatIsNoModelServerIsNamed() {
    String url = server.serve(exchange -> answer(exchange, 404, "<html>not found</html>"));
    assertThatThrownBy(() -> open(url))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining(url + "/model answers 404")
        .hasMessageContaining("docs/wire.md");
  }

  @Test
  void aServerOfAnotherVersionIsNamed() {
    String url =
        server.serve(
            exchange ->
                answer(exchange, 200, MODEL.replace("\"sonde_wire\": 1", "\"sonde_wire\": 7")));
    assertThatThrownBy(() -> open(url))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining(url)
        .hasMessageContaining("version 7");
  }

  @Test
  void aDescriptionWithAHoleIsNamed() {
    String url =
        server.serve(exchange -> answer(exchange, 200, MODEL.replace("\"layers\": 1, ", "")));
    assertThatThrownBy(() -> open(url))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining(url)
        .hasMessageContaining("'layers' is missing");
  }

  @Test
  void errorsOfAServerKeepTheirKind() {
    for (var kind :
        List.of(
            List.of("unsupported", UnsupportedCapabilityException.class),
            List.of("invalid", InvalidInputException.class),
            List.of("unavailable", ModelUnavailableException.class),
            List.of("failed", ModelUnavailableException.class))) {
      String url =
          served(
              400,
              "{\"error\": {\"kind\": \"%s\", \"message\": \"too warm\"}}\n"
                  .formatted(kind.getFirst()));
      assertThatThrownBy(() -> run(url))
          .isInstanceOf((Class<?>) kind.getLast())
          .hasMessageContaining(url)
          .hasMessageContaining("too warm");
    }
  }

  @Test
  void anAnswerThatEndsEarlyIsNoShortAnswer() {
    for (String answer :
        List.of(
            "{\"group\": 0, \"rows\": [",
            "{\"group\": 0, \"rows\": [{\"sequences\": [0], \"places\": [0], \"width\": 2}],"
                + " \"bytes\": 8}\n1234",
            "{\"group\": 0, \"rows\": [{\"sequences\": [0], \"places\": [0], \"width\": 2}],"
                + " \"bytes\": 8}\n12345678")) {
      String url = served(200, answer);
      assertThatThrownBy(() -> run(url))
          .as(answer)
          .isInstanceOf(ModelUnavailableException.class)
          .hasMessageContaining(url + "/forward")
          .hasMessageContaining("ends");
    }
  }

  @Test
  void rowsThatWereNotAskedForAreRefused() {
    for (String answer :
        List.of(
            "{\"group\": 3, \"rows\": []}\n",
            "{\"group\": 0, \"rows\": [{\"sequences\": [0], \"places\": [], \"width\": 2}]}\n",
            "{\"group\": 0, \"rows\": [{\"sequences\": [0], \"places\": [0], \"width\": 2}]}\n")) {
      String url = served(200, answer);
      assertThatThrownBy(() -> run(url))
          .as(answer)
          .isInstanceOf(ModelUnavailableException.class)
          .hasMessageContaining(url + "/forward");
    }
  }

  @Test
  void aFileWithoutAnAddressIsRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("nothing.properties"), "address = here\n");
    assertThatThrownBy(() -> new HttpBackendFactory().open(Sources.of(file, folder)))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("nothing.properties")
        .hasMessageContaining("url = http");
  }

  @Test
  void whatTheServerDoesNotAnnounceIsNotAskedOfIt() {
    String url =
        server.serve(
            exchange -> {
              assertThat(exchange.getRequestURI().getPath()).endsWith("/model");
              answer(exchange, 200, MODEL);
            });
    try (LanguageModel model = open(url)) {
      Read first = Read.of(HookPoint.EMBED, Selector.first());
      assertThatThrownBy(
              () -> model.forward(ForwardRequest.of(List.of(Sequence.of(1))).read(first)))
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining("first");
    }
  }

  private String served(int status, String answer) {
    return server.serve(
        exchange -> {
          boolean model = exchange.getRequestURI().getPath().endsWith("/model");
          answer(exchange, model ? 200 : status, model ? MODEL : answer);
        });
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private LanguageModel open(String url) {
    return new HttpBackendFactory().open(Sources.of(ModelServer.file(folder, url), folder));
  }

  private void run(String url) {
    try (LanguageModel model = open(url)) {
      model.forward(REQUEST).forEach(batch -> {});
    }
  }
}
