package dev.sonde.backend.http;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.wire.AnswerForm;
import dev.sonde.wire.WireException;
import dev.sonde.wire.WireMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The other side. What it answers wrongly is told with its address and what to do. */
final class Server implements AutoCloseable {
  private static final Duration CONNECTING = Duration.ofSeconds(20);
  private static final String FORM = "docs/wire.md says what a server answers";

  private final URI url;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECTING)
          .build();

  /**
   * A server that nobody has asked yet.
   *
   * @param url without a path, or with what stands before every path
   */
  Server(URI url) {
    this.url = url;
  }

  /** An answer on its way: messages one after the other. */
  final class Answer implements AutoCloseable {
    private final String path;
    private final InputStream in;
    private boolean over;

    private Answer(String path, InputStream in) {
      this.path = path;
      this.in = in;
    }

    /**
     * Reads the next message.
     *
     * @return an end where there are no more
     * @throws dev.sonde.api.SondeException if the server says what went wrong, or answers what is
     *     none
     */
    WireMessage next() {
      if (over) {
        return WireMessage.end();
      }
      try {
        WireMessage message =
            WireMessage.read(in)
                .orElseThrow(() -> new WireException("the answer ends before its end message"));
        over = message.isEnd() || message.isError();
        if (message.isError()) {
          throw AnswerForm.failure(message, name());
        }
        return message;
      } catch (WireException | IOException e) {
        throw broken(e);
      }
    }

    /** Names the server in what a reader of a message found wrong. */
    ModelUnavailableException broken(Exception e) {
      return new ModelUnavailableException(
          "%s%s: %s; is the server still running? %s".formatted(url, path, e.getMessage(), FORM),
          e);
    }

    @Override
    public void close() {
      over = true;
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** How messages name it. */
  String name() {
    return "server " + url;
  }

  /** Asks for something that needs no request. */
  Answer get(String path) {
    return send(path, HttpRequest.newBuilder(at(path)).GET().build());
  }

  /** Sends a request. */
  Answer post(String path, WireMessage request) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      request.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return send(
        path,
        HttpRequest.newBuilder(at(path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()))
            .build());
  }

  private URI at(String path) {
    return URI.create(url.toString().replaceFirst("/+$", "") + path);
  }

  private Answer send(String path, HttpRequest request) {
    try {
      HttpResponse<InputStream> response = responseTo(request);
      InputStream body = new BufferedInputStream(response.body());
      body.mark(1);
      int first = body.read();
      body.reset();
      if (first != '{') {
        body.close();
        throw new ModelUnavailableException(
            "%s answers %d and no message; is it the address of a model's server? %s"
                .formatted(request.uri(), response.statusCode(), FORM));
      }
      return new Answer(path, body);
    } catch (IOException e) {
      throw new ModelUnavailableException(
          "%s is not reached: %s; is the server running, and its url right?"
              .formatted(request.uri(), e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelUnavailableException(request.uri() + ": interrupted", e);
    }
  }

  /** A connection that was kept may have been closed meanwhile: requests can be sent again. */
  private HttpResponse<InputStream> responseTo(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw e;
    } catch (IOException e) {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
