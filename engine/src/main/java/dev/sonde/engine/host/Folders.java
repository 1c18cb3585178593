package dev.sonde.engine.host;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.Resources;
import dev.sonde.engine.plugin.PluginLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Where things are.
 *
 * @param home the distribution
 * @param plugins folders that hold one folder per plugin, with their origin, in order
 * @param cache what can be made again
 * @param environment the process's environment, in which Hugging Face's tools say where the hub is
 */
public record Folders(
    Path home, List<PluginFolder> plugins, Path cache, Map<String, String> environment) {
  private static final String STORE_LIMIT = "SONDE_STORE_LIMIT";
  private static final long GIBIBYTE = 1L << 30;
  private static final String LOAD_LIMIT = "SONDE_LOAD_LIMIT";
  private static final int LOAD_SECONDS = 30;
  private static final String STALL_LIMIT = "SONDE_STALL_LIMIT";
  private static final int STALL_SECONDS = 1_800;

  /** A place with plugins. */
  public record PluginFolder(Path path, String origin) {}

  /** Folders with list and map copied. */
  public Folders {
    plugins = List.copyOf(plugins);
    environment = Map.copyOf(environment);
  }

  /**
   * The folders that environment variables name, or their defaults.
   *
   * @param home the distribution
   * @param environment the process's environment
   * @param given plugin folders named on the command line
   * @throws InvalidInputException if a given folder is not there, or is a plugin itself
   */
  public static Folders of(Path home, Map<String, String> environment, List<Path> given) {
    Path user = Path.of(System.getProperty("user.home", "."));
    Path data = path(environment, "XDG_DATA_HOME").orElse(user.resolve(".local/share"));
    Path caches = path(environment, "XDG_CACHE_HOME").orElse(user.resolve(".cache"));
    List<PluginFolder> plugins = new ArrayList<>();
    plugins.add(new PluginFolder(home.resolve("plugins"), PluginLoader.BUNDLED));
    given.stream()
        .map(path -> path.toAbsolutePath().normalize())
        .distinct()
        .forEach(path -> plugins.add(new PluginFolder(requireFolder(path), PluginLoader.GIVEN)));
    plugins.add(
        new PluginFolder(
            path(environment, "SONDE_PLUGINS").orElse(data.resolve("sonde/plugins")),
            PluginLoader.USER));
    return new Folders(
        home,
        plugins,
        path(environment, "SONDE_CACHE").orElse(caches.resolve("sonde")),
        environment);
  }

  private static Path requireFolder(Path given) {
    if (!Files.isDirectory(given)) {
      throw new InvalidInputException(
          "--plugin-dir %s: there is no such folder; build the plugin, or check the path"
              .formatted(given));
    }
    try (Stream<Path> files = Files.list(given)) {
      if (files.anyMatch(file -> file.toString().endsWith(".jar"))) {
        throw new InvalidInputException(
            "--plugin-dir %s: is a plugin itself; name the folder above it".formatted(given));
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "--plugin-dir %s: cannot be listed: %s".formatted(given, e.getMessage()), e);
    }
    return given;
  }

  /**
   * How many bytes stored activations may take, where {@code SONDE_STORE_LIMIT} says so.
   *
   * @throws InvalidInputException if it is no number
   */
  public OptionalLong storeLimit() {
    String gibibytes = environment.getOrDefault(STORE_LIMIT, "");
    if (gibibytes.isBlank()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of((long) (Double.parseDouble(gibibytes) * GIBIBYTE));
    } catch (NumberFormatException e) {
      throw new InvalidInputException(
          "%s=%s is no number of gibibytes".formatted(STORE_LIMIT, gibibytes), e);
    }
  }

  /**
   * How long a plugin's constructor may take: {@code SONDE_LOAD_LIMIT} in seconds.
   *
   * @throws InvalidInputException if it is no number of seconds
   */
  public Duration loadLimit() {
    return seconds(LOAD_LIMIT, LOAD_SECONDS);
  }

  /**
   * How long a plugin may be called without a sign of progress before a run is given up: {@code
   * SONDE_STALL_LIMIT} in seconds; 0: for ever.
   *
   * @throws InvalidInputException if it is no number of seconds
   */
  public Duration stallLimit() {
    return seconds(STALL_LIMIT, STALL_SECONDS);
  }

  private Duration seconds(String variable, int usual) {
    String written = environment.getOrDefault(variable, "");
    try {
      return Duration.ofSeconds(written.isBlank() ? usual : Integer.parseUnsignedInt(written));
    } catch (NumberFormatException e) {
      throw new InvalidInputException(
          "%s=%s is no number of seconds".formatted(variable, written), e);
    }
  }

  private static Optional<Path> path(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(p -> !p.isBlank()).map(Path::of);
  }

  /**
   * What of the machine a plugin may use; its cache can be written.
   *
   * @throws InvalidInputException if it cannot, with what to do
   */
  public Resources resources() {
    try {
      Files.createDirectories(cache);
    } catch (IOException e) {
      throw new InvalidInputException(unwritable(), e);
    }
    if (!Files.isWritable(cache)) {
      throw new InvalidInputException(unwritable());
    }
    MachineMemory memory = MachineMemory.here();
    return Resources.of(cache)
        .threads(Runtime.getRuntime().availableProcessors())
        .memory(memory.heap(), memory.free());
  }

  /** Stored activations. */
  public Path activations() {
    return cache.resolve("activations");
  }

  /** The plugin folders that were named on the command line. */
  public List<Path> given() {
    return plugins.stream()
        .filter(folder -> folder.origin().equals(PluginLoader.GIVEN))
        .map(PluginFolder::path)
        .toList();
  }

  private String unwritable() {
    return "the cache folder %s cannot be written; name another one with SONDE_CACHE"
        .formatted(cache);
  }
}
