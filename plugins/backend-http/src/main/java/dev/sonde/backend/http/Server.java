package dev.sonde.backend.http;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Sequence;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The other side of the protocol, see the README. */
final class Server implements AutoCloseable {
  private static final int FINE = 200;

  private final URI url;
  private final HttpClient client = HttpClient.newHttpClient();

  Server(URI url) {
    this.url = url;
  }

  /** What it says of its model. */
  Properties model() {
    byte[] answer = send(HttpRequest.newBuilder(url.resolve("/model")).GET().build());
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(new String(answer, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new ModelUnavailableException(url + ": " + e, e);
    }
    return properties;
  }

  /**
   * Runs sequences.
   *
   * @return per point and sequence, {@code [tokens, width]}
   */
  FloatBuffer forward(List<HookPoint> points, List<Sequence> sequences) {
    String names = points.stream().map(HookPoint::name).collect(Collectors.joining(" "));
    String tokens =
        sequences.stream()
            .map(
                sequence ->
                    IntStream.of(sequence.tokens())
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(" ")))
            .collect(Collectors.joining("\n"));
    byte[] answer =
        send(
            HttpRequest.newBuilder(url.resolve("/forward"))
                .POST(HttpRequest.BodyPublishers.ofString(names + "\n" + tokens))
                .build());
    return ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private byte[] send(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != FINE) {
        throw new ModelUnavailableException(
            "%s answers %d".formatted(request.uri(), response.statusCode()));
      }
      return response.body();
    } catch (IOException e) {
      throw new ModelUnavailableException(
          "%s is not reached: %s; is the server running?".formatted(request.uri(), e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelUnavailableException(request.uri() + ": interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
