package dev.sonde.formats.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A hub on this machine with one repository, {@code org/name}: a server that answers as the hub
 * does, and a second one at another address that holds the large files.
 */
public final class FakeHub implements AutoCloseable {
  public static final String COMMIT = "a".repeat(40);
  public static final String NEXT_COMMIT = "b".repeat(40);

  private static final String REPOSITORY = "org/name";
  private static final int PAUSE = 100;
  private static final int MOST_PAUSES = 600;

  final Map<String, byte[]> files = new TreeMap<>();
  public final Map<String, String> revisions = new HashMap<>(Map.of("main", COMMIT));

  /** Every request to the hub, such as {@code GET /org/name/resolve/…}. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** Every request to the storage host: file, range, token. */
  public final List<String> stored = new CopyOnWriteArrayList<>();

  /** Large files are sent whole whatever range is asked for. */
  volatile boolean ignoresRanges;

  /** Large files have nothing from where it is asked for. */
  volatile boolean refusesRanges;

  /** Large files are sent from so many bytes behind where it was asked for. */
  volatile int shift;

  /** The storage host breaks off its next answers once so many bytes have arrived. */
  final List<Integer> cuts = new CopyOnWriteArrayList<>();

  /** Statuses that the next requests get, whatever they are. */
  final List<Integer> failures = new CopyOnWriteArrayList<>();

  /** The storage host sends half of its next answer and then nothing more. */
  volatile boolean fallsSilent;

  /** Where requests for some paths are sent instead. */
  final Map<String, String> redirects = new HashMap<>();

  /** Answered by the API in place of a listing, if set. */
  volatile Optional<String> strangeAnswer = Optional.empty();

  /** What requests must bring, if set. */
  public volatile Optional<String> token = Optional.empty();

  /** Announced in place of the true etag. */
  final Map<String, String> announcedEtags = new HashMap<>();

  /** Announced in place of the true size. */
  final Map<String, Long> announcedSizes = new HashMap<>();

  private final Set<String> large = new HashSet<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private long arrived;
  private final HttpServer hub = server(this::answer);
  private final HttpServer storage = server(this::store);

  /** A hub without files. */
  public FakeHub() {}

  /** Adds a small file. */
  public FakeHub file(String name, String content) {
    files.put(name, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Adds a file that lies at the storage host. */
  public FakeHub large(String name, byte[] content) {
    files.put(name, content);
    large.add(name);
    return this;
  }

  /** For {@code HF_ENDPOINT}. */
  public String endpoint() {
    return address(hub);
  }

  /** Another host than the hub. */
  String storage() {
    return address(storage);
  }

  /** SHA-256 of large files, git's blob id of others. */
  String etag(String name) {
    byte[] content = files.get(name);
    return large.contains(name)
        ? hash("SHA-256", content)
        : hash("SHA-1", "blob %d\0".formatted(content.length).getBytes(), content);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    hub.stop(0);
    storage.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (!failures.isEmpty()) {
      exchange.sendResponseHeaders(failures.removeFirst(), -1);
    } else if (token.isPresent() && !("Bearer " + token.get()).equals(given)) {
      refuse(exchange, given == null ? 401 : 403, "GatedRepo");
    } else if (redirects.containsKey(path)) {
      exchange.getResponseHeaders().set("Location", redirects.get(path));
      exchange.sendResponseHeaders(307, -1);
    } else if (strangeAnswer.isPresent()) {
      send(exchange, 200, strangeAnswer.get().getBytes(StandardCharsets.UTF_8));
    } else if (path.matches("/api/(models|datasets)/" + REPOSITORY + "/revision/.*")) {
      listing(exchange, path.substring(path.lastIndexOf('/') + 1));
    } else if (path.matches("(/datasets)?/" + REPOSITORY + "/resolve/.*")) {
      String[] parts = path.substring(path.indexOf("/resolve/") + 9).split("/", 2);
      resolve(exchange, parts[0], parts[1]);
    } else {
      refuse(exchange, 404, "RepoNotFound");
    }
  }

  private void listing(HttpExchange exchange, String revision) throws IOException {
    Optional<String> commit = commit(revision);
    if (commit.isEmpty()) {
      refuse(exchange, 404, "RevisionNotFound");
      return;
    }
    String siblings =
        files.keySet().stream()
            .map(name -> "{\"rfilename\":\"" + name + "\"}")
            .collect(Collectors.joining(","));
    send(
        exchange,
        200,
        "{\"id\":\"org/name\",\"sha\":\"%s\",\"siblings\":[%s]}"
            .formatted(commit.get(), siblings)
            .getBytes(StandardCharsets.UTF_8));
  }

  private void resolve(HttpExchange exchange, String revision, String name) throws IOException {
    byte[] content = files.get(name);
    if (content == null) {
      refuse(exchange, 404, "EntryNotFound");
      return;
    }
    String etag = announcedEtags.getOrDefault(name, '"' + etag(name) + '"');
    String size = String.valueOf(announcedSizes.getOrDefault(name, (long) content.length));
    exchange.getResponseHeaders().set("X-Repo-Commit", commit(revision).orElseThrow());
    if (large.contains(name)) {
      exchange.getResponseHeaders().set("X-Linked-Etag", etag);
      exchange.getResponseHeaders().set("X-Linked-Size", size);
      exchange.getResponseHeaders().set("Location", address(storage) + "/" + name);
      exchange.sendResponseHeaders(302, -1);
    } else if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("ETag", etag);
      exchange.getResponseHeaders().set("Content-Length", size);
      exchange.sendResponseHeaders(200, -1);
    } else {
      send(exchange, 200, content);
    }
  }

  private void store(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(1);
    String range = exchange.getRequestHeaders().getFirst("Range");
    stored.add(
        "%s %s %s".formatted(name, range, exchange.getRequestHeaders().getFirst("Authorization")));
    byte[] all = files.get(name);
    int from = 0;
    if (range != null && !ignoresRanges) {
      if (refusesRanges) {
        send(exchange, 416, "no such range".getBytes(StandardCharsets.UTF_8));
        return;
      }
      from = shift + Integer.parseInt(range.replaceAll("\\D", ""));
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, all.length - 1, all.length));
    }
    exchange.getResponseHeaders().set("ETag", etag(name));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(all.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    byte[] rest = Arrays.copyOfRange(all, from, all.length);
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
    if (!cuts.isEmpty()) {
      int length = cuts.removeFirst();
      exchange.getResponseBody().write(rest, 0, length);
      exchange.getResponseBody().flush();
      await(from + length);
      throw new IOException("the line was cut");
    }
    if (fallsSilent) {
      fallsSilent = false;
      exchange.getResponseBody().write(rest, 0, rest.length / 2);
      exchange.getResponseBody().flush();
      await(all.length);
      return;
    }
    exchange.getResponseBody().write(rest);
  }

  /**
   * To be told how many bytes of a file the client has; a line that is cut loses what it has not.
   */
  synchronized void arrived(long bytes) {
    arrived = bytes;
    notifyAll();
  }

  private synchronized void await(long bytes) {
    try {
      for (int pauses = 0; arrived < bytes && pauses < MOST_PAUSES; pauses++) {
        wait(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> commit(String revision) {
    return revisions.containsValue(revision)
        ? Optional.of(revision)
        : Optional.ofNullable(revisions.get(revision.replace("%2F", "/")));
  }

  private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().set("X-Error-Code", code);
    exchange.sendResponseHeaders(status, -1);
  }

  private HttpServer server(Handler handler) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              handler.handle(exchange);
            }
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private static String address(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static String hash(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
