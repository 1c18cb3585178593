package dev.sonde.formats.hub;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.TextFile;
import dev.sonde.formats.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the hub and its cache are, under the environment variables of Hugging Face's own tools.
 *
 * @param cache the folder that is read and written
 * @param readOnlyCaches folders of older tools that are read only
 * @param endpoint the hub's address, without a slash at its end
 * @param token sent to the hub and to nobody else
 * @param offline whether no request may be made
 * @param symlinks whether snapshots may link to blobs
 */
public record HubSettings(
    Path cache,
    List<Path> readOnlyCaches,
    URI endpoint,
    Optional<String> token,
    boolean offline,
    boolean symlinks) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> WEB = Set.of("http", "https");
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");

  /** Settings; the lists are copied. */
  public HubSettings {
    readOnlyCaches = List.copyOf(readOnlyCaches);
  }

  /**
   * Settings from an environment.
   *
   * <ul>
   *   <li>Cache: {@code HF_HUB_CACHE}, else {@code $HF_HOME/hub}, else {@code
   *       $XDG_CACHE_HOME/huggingface/hub}, else {@code ~/.cache/huggingface/hub}; {@code
   *       HUGGINGFACE_HUB_CACHE} and {@code TRANSFORMERS_CACHE} are read only.
   *   <li>Token: {@code HF_TOKEN}, else the file {@code HF_TOKEN_PATH}, else {@code
   *       $HF_HOME/token}.
   *   <li>{@code HF_HUB_OFFLINE}, {@code TRANSFORMERS_OFFLINE}, {@code HF_HUB_DISABLE_SYMLINKS}: 1,
   *       on, yes or true.
   *   <li>{@code HF_ENDPOINT}: another hub, or a mirror.
   * </ul>
   *
   * An empty variable counts as none.
   *
   * @throws HubException ({@link Reason#INPUT}) naming the variable or file that cannot be used
   */
  public static HubSettings of(Map<String, String> environment, Path userHome) {
    Variables variables = new Variables(environment, userHome);
    Path home =
        variables
            .path("HF_HOME")
            .orElseGet(
                () ->
                    variables
                        .path("XDG_CACHE_HOME")
                        .orElseGet(() -> userHome.resolve(".cache"))
                        .resolve("huggingface"));
    Path cache = variables.path("HF_HUB_CACHE").orElseGet(() -> home.resolve("hub"));
    List<Path> readOnly =
        Stream.of("HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE")
            .flatMap(name -> variables.path(name).stream())
            .filter(path -> !path.equals(cache))
            .distinct()
            .toList();
    return new HubSettings(
        cache,
        readOnly,
        endpoint(variables.text("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT)),
        variables
            .text("HF_TOKEN")
            .or(() -> read(variables.path("HF_TOKEN_PATH").orElseGet(() -> home.resolve("token"))))
            .map(HubSettings::checkedToken),
        variables.isTrue("HF_HUB_OFFLINE") || variables.isTrue("TRANSFORMERS_OFFLINE"),
        !variables.isTrue("HF_HUB_DISABLE_SYMLINKS"));
  }

  /** All caches, the one that is written first. */
  List<Path> caches() {
    return Stream.concat(Stream.of(cache), readOnlyCaches.stream()).toList();
  }

  /** Says whether there is a token, not which. */
  @Override
  public String toString() {
    return """
        HubSettings[cache=%s, readOnlyCaches=%s, endpoint=%s, token=%s, offline=%s, \
        symlinks=%s]\
        """
        .formatted(
            cache, readOnlyCaches, endpoint, token.isPresent() ? "set" : "none", offline, symlinks);
  }

  private static URI endpoint(String text) {
    try {
      URI address = URI.create(text.replaceFirst("/+$", ""));
      if (WEB.contains(Objects.requireNonNullElse(address.getScheme(), ""))
          && address.getHost() != null
          && Stream.of(address.getUserInfo(), address.getQuery(), address.getFragment())
              .allMatch(Objects::isNull)) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // No address at all is answered like one that is none of a hub.
    }
    throw new HubException(
        Reason.INPUT,
        "HF_ENDPOINT",
        "'%s' is not a plain address such as %s".formatted(text, DEFAULT_ENDPOINT));
  }

  private static Optional<String> read(Path tokenFile) {
    try {
      return Optional.of(TextFile.read(tokenFile).strip()).filter(text -> !text.isEmpty());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException | FormatException e) {
      throw new HubException(
          Reason.INPUT,
          tokenFile,
          "the hub's token cannot be read (%s); make it readable, or set HF_TOKEN".formatted(e),
          e);
    }
  }

  /** A header carries printable characters only; the message must not carry the token. */
  private static String checkedToken(String token) {
    if (!PRINTABLE.matcher(token).matches()) {
      throw new HubException(
          Reason.INPUT, "HF_TOKEN", "the hub's token holds a space or an unprintable character");
    }
    return token;
  }

  /** Reads variables; an empty one counts as none, a leading ~ is the user's home. */
  private record Variables(Map<String, String> environment, Path userHome) {
    Optional<String> text(String name) {
      return Optional.ofNullable(environment.get(name))
          .map(String::strip)
          .filter(t -> !t.isEmpty());
    }

    boolean isTrue(String name) {
      return text(name).filter(t -> TRUE.contains(t.toUpperCase(Locale.ROOT))).isPresent();
    }

    Optional<Path> path(String name) {
      return text(name).map(t -> path(name, t));
    }

    private Path path(String name, String text) {
      try {
        return text.equals("~") || text.startsWith("~/")
            ? userHome.resolve(text.substring(1).replaceFirst("^/+", ""))
            : Path.of(text);
      } catch (InvalidPathException e) {
        throw new HubException(Reason.INPUT, name, "'%s' is not a path".formatted(text), e);
      }
    }
  }
}
