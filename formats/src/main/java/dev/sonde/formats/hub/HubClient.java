package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Requests to the hub. Redirects are followed here, because the token must not leave the hub. */
final class HubClient implements AutoCloseable {
  static final int OK = 200;
  static final int PARTIAL = 206;
  static final int RANGE_REFUSED = 416;

  private static final Duration TO_CONNECT = Duration.ofSeconds(10);
  private static final Duration TO_ANSWER = Duration.ofSeconds(30);
  private static final String LINKED_ETAG = "X-Linked-Etag";
  private static final int MOST_REDIRECTS = 10;
  private static final int LARGEST_LISTING = 50_000_000;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
  private static final Pattern ETAG = Pattern.compile("(?:W/)?\"?([A-Za-z0-9][A-Za-z0-9._-]*)\"?");

  private static final Pattern SIZE = Pattern.compile("\\d{1,15}");
  private static final Set<String> WEB = Set.of("http", "https");

  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(TO_CONNECT)
          .build();
  private final URI endpoint;
  private final Optional<String> token;

  HubClient(URI endpoint, Optional<String> token) {
    this.endpoint = endpoint;
    this.token = token;
  }

  /** What is in a revision. */
  Listing listing(HubReference reference, Patience patience) {
    URI address =
        URI.create(
            "%s/%s/revision/%s"
                .formatted(endpoint, reference.apiPath(), encoded(reference.revision())));
    return persistently(reference, patience, () -> listing(reference, address, patience));
  }

  private Listing listing(HubReference reference, URI address, Patience patience)
      throws TransientFailure {
    InputStream bytes = answer(reference, "GET", address, 0).body();
    try (Body body = new Body(reference, bytes, patience.silence())) {
      return Listing.read(reference, body.readAll(LARGEST_LISTING));
    }
  }

  /** What the hub announces of a file. */
  RemoteFile head(HubReference file, Patience patience) {
    return persistently(file, patience, () -> head(file));
  }

  private RemoteFile head(HubReference file) throws TransientFailure {
    HttpResponse<InputStream> answer = answer(file, "HEAD", address(file), 0);
    discard(answer);
    String etag = header(answer, LINKED_ETAG, "ETag");
    Matcher plain = ETAG.matcher(etag);
    String size = header(answer, "X-Linked-Size", "Content-Length");
    if (!plain.matches() || !SIZE.matcher(size).matches()) {
      throw new HubException(
          Reason.UNREACHABLE,
          file,
          """
          the hub at %s announces etag '%s' and size '%s' instead of a name and a number of \
          bytes; see whether HF_ENDPOINT is right\
          """
              .formatted(endpoint, etag, size));
    }
    return new RemoteFile(file.file().orElseThrow(), plain.group(1), Long.parseLong(size));
  }

  /**
   * A file's bytes.
   *
   * @param from the first byte that is wanted; a server that ignores this answers {@link #OK}
   *     instead of {@link #PARTIAL}, one that has no such byte {@link #RANGE_REFUSED}
   */
  HttpResponse<InputStream> get(HubReference file, long from) throws TransientFailure {
    return answer(file, "GET", address(file), from);
  }

  /** Ends all transfers. */
  @Override
  public void close() {
    http.shutdownNow();
  }

  private URI address(HubReference file) {
    return URI.create(
        "%s/%s/resolve/%s/%s"
            .formatted(
                endpoint, file.webPath(), encoded(file.revision()), file.file().orElseThrow()));
  }

  private static String encoded(String revision) {
    return URLEncoder.encode(revision, StandardCharsets.UTF_8);
  }

  /** The answer at the end of all redirects, or the redirect that tells what a HEAD asks for. */
  private HttpResponse<InputStream> answer(
      HubReference reference, String method, URI address, long from) throws TransientFailure {
    URI at = address;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<InputStream> answer = exchange(reference, method, at, from);
      int status = answer.statusCode();
      if (!REDIRECTS.contains(status)) {
        boolean ofRange = status == PARTIAL || status == RANGE_REFUSED;
        if (status == OK || (from > 0 && ofRange)) {
          return answer;
        }
        discard(answer);
        throw failure(reference, answer);
      }
      URI next = target(at, header(answer, "Location"));
      if (method.equals("HEAD") && answer.headers().firstValue(LINKED_ETAG).isPresent()) {
        return answer;
      }
      discard(answer);
      at = next;
    }
    throw new TransientFailure("more than %d redirects from %s".formatted(MOST_REDIRECTS, address));
  }

  private HttpResponse<InputStream> exchange(
      HubReference reference, String method, URI address, long from) throws TransientFailure {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(TO_ANSWER)
            .header("User-Agent", "sonde")
            // A compressed answer would have another size and another etag.
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    if (onHub(address)) {
      token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    }
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new TransientFailure(e);
    } catch (InterruptedException e) {
      throw HubException.interrupted(reference, e);
    }
  }

  /** Where a redirect leads: to the web, and never from https to http. */
  static URI target(URI from, String location) throws TransientFailure {
    URI next;
    try {
      next = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new TransientFailure("malformed redirect from " + from.getHost());
    }
    String scheme = String.valueOf(next.getScheme()).toLowerCase(Locale.ROOT);
    if (!WEB.contains(scheme) || next.getHost() == null) {
      throw new TransientFailure("a redirect leads out of the web: " + next);
    }
    if (scheme.equals("http") && !scheme.equalsIgnoreCase(from.getScheme())) {
      throw new TransientFailure("a redirect leads from https to http: " + next.getHost());
    }
    return next;
  }

  /** Whether an address is the hub's own: the same scheme, host and port. */
  private boolean onHub(URI address) {
    return Objects.equals(endpoint.getScheme(), address.getScheme())
        && endpoint.getHost().equalsIgnoreCase(address.getHost())
        && port(endpoint) == port(address);
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "https".equals(address.getScheme()) ? 443 : 80;
  }

  private TransientFailure failure(HubReference reference, HttpResponse<InputStream> answer) {
    int status = answer.statusCode();
    if (PASSING.contains(status) || !onHub(answer.uri())) {
      // A storage host refuses when its signed address is too old: the hub gives a new one.
      return new TransientFailure(
          "%s answered %d".formatted(answer.uri().getHost(), status),
          RetryAfter.of(header(answer, "Retry-After"), Instant.now()));
    }
    throw Refusal.of(
        reference, endpoint, token.isPresent(), status, header(answer, "X-Error-Code"));
  }

  private <T> T persistently(HubReference reference, Patience patience, Step<T> step) {
    for (int failures = 1; ; failures++) {
      try {
        return step.run();
      } catch (TransientFailure e) {
        if (failures >= patience.attempts()) {
          throw new HubException(
              Reason.UNREACHABLE,
              reference,
              """
              the hub at %s cannot be reached (%s); see whether the network and HF_ENDPOINT \
              are right\
              """
                  .formatted(endpoint, e.problem()),
              e);
        }
        patience.pause(reference, failures, e.retryAfter());
      }
    }
  }

  private interface Step<T> {
    T run() throws TransientFailure;
  }

  private static void discard(HttpResponse<InputStream> answer) throws TransientFailure {
    try {
      answer.body().close();
    } catch (IOException e) {
      throw new TransientFailure(e);
    }
  }

  /** The first of some headers that is there, or nothing. */
  private static String header(HttpResponse<InputStream> answer, String... names) {
    return Stream.of(names)
        .flatMap(name -> answer.headers().firstValue(name).stream())
        .map(String::strip)
        .findFirst()
        .orElse("");
  }
}
