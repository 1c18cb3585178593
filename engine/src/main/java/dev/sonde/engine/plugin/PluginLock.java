package dev.sonde.engine.plugin;

import dev.sonde.api.InvalidInputException;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.TextFile;
import dev.sonde.formats.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The file {@code plugins.lock} beside plugin folders: which jars of them were accepted, and which
 * may load native libraries. A line each: {@code jar PLUGIN/FILE SHA256} and {@code natives
 * PLUGIN}.
 */
public final class PluginLock {
  private static final String FILE = "plugins.lock";
  private static final String HEAD =
      """
      # What was accepted of the plugins in this folder. A plugin whose jars are others is not loaded;
      # accept them with: sonde plugins --accept PLUGIN
      """;
  private static final String JAR = "jar";
  private static final String NATIVES = "natives";

  private final Path file;
  private final Map<String, Map<String, String>> jars = new TreeMap<>();
  private final Set<String> natives = new TreeSet<>();

  private PluginLock(Path file) {
    this.file = file;
  }

  /**
   * Reads the lock beside a plugin folder, or begins an empty one.
   *
   * @throws InvalidInputException naming file and line that cannot be read
   */
  public static PluginLock beside(Path plugin) {
    PluginLock lock = new PluginLock(plugin.toAbsolutePath().resolveSibling(FILE));
    try {
      if (Files.exists(lock.file)) {
        int number = 0;
        for (String line : TextFile.read(lock.file).lines().toList()) {
          lock.read(line.strip(), ++number);
        }
      }
      return lock;
    } catch (FormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new InvalidInputException("%s cannot be read: %s".formatted(lock.file, e), e);
    }
  }

  private void read(String line, int number) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    int first = line.indexOf(' ');
    int slash = line.indexOf('/');
    int last = line.lastIndexOf(' ');
    if (line.startsWith(NATIVES + " ")) {
      natives.add(line.substring(first + 1));
    } else if (line.startsWith(JAR + " ") && first < slash && slash < last) {
      jars.computeIfAbsent(line.substring(first + 1, slash), id -> new TreeMap<>())
          .put(line.substring(slash + 1, last), line.substring(last + 1));
    } else {
      throw new InvalidInputException(
          "%s:%d: is neither 'jar PLUGIN/FILE SHA256' nor 'natives PLUGIN'; remove the line"
              .formatted(file, number));
    }
  }

  /**
   * The hashes of all jars in a plugin folder as they are now, by their path in it.
   *
   * @throws InvalidInputException if it cannot be read
   */
  public static Map<String, String> hashes(Path plugin) {
    Map<String, String> found = new TreeMap<>();
    for (Path place : List.of(plugin, plugin.resolve("lib"))) {
      try (Stream<Path> files = Files.isDirectory(place) ? Files.list(place) : Stream.empty()) {
        files
            .filter(f -> f.toString().endsWith(".jar"))
            .forEach(f -> found.put(plugin.relativize(f).toString(), ContentHash.afresh(f)));
      } catch (IOException e) {
        throw new InvalidInputException("%s cannot be read: %s".formatted(place, e), e);
      }
    }
    return found;
  }

  /** The accepted hashes of a plugin's jars, by their path in its folder; empty for none. */
  Map<String, String> jars(String plugin) {
    return new LinkedHashMap<>(jars.getOrDefault(plugin, Map.of()));
  }

  /** Whether a plugin may load native libraries. */
  boolean allowsNatives(String plugin) {
    return natives.contains(plugin);
  }

  /** Accepts jars in the place of those before. */
  public void accept(String plugin, Map<String, String> hashes) {
    jars.put(plugin, new TreeMap<>(hashes));
    write();
  }

  /** Lets a plugin load native libraries. */
  public void allowNatives(String plugin) {
    natives.add(plugin);
    write();
  }

  private void write() {
    StringBuilder text = new StringBuilder(HEAD);
    jars.forEach(
        (plugin, hashes) ->
            hashes.forEach(
                (jar, hash) -> text.append("%s %s/%s %s%n".formatted(JAR, plugin, jar, hash))));
    natives.forEach(plugin -> text.append("%s %s%n".formatted(NATIVES, plugin)));
    try {
      WholeFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s cannot be written (%s); make its folder writable".formatted(file, e), e);
    }
  }

  /** Whether it can be written. */
  boolean isWritable() {
    return Files.isWritable(file.resolveSibling(""));
  }

  /** Its path, for messages. */
  Path file() {
    return file;
  }
}
