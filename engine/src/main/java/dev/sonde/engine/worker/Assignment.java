package dev.sonde.engine.worker;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.PluginRequiredException;
import dev.sonde.formats.ContentHash;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a worker is told first: whose shards it will compute.
 *
 * @param version the run's Sonde
 * @param experiment resolved, as text
 * @param run the run's folder; empty for a capture
 * @param inputs one hash over all that the run depends on; empty for a capture
 * @param facts what it depends on, as the manifest says it; nothing for a capture
 * @param models the content hash of each model by its name in the experiment
 * @param plugins by id, of each jar the hash
 * @param processor the only kind of processor that may compute them; empty: any
 * @param store the folder of stored activations
 * @param pluginFolders further folders of plugins
 */
public record Assignment(
    String version,
    String experiment,
    Optional<Path> run,
    String inputs,
    Map<String, Object> facts,
    Map<String, String> models,
    Map<String, Object> plugins,
    String processor,
    Path store,
    List<Path> pluginFolders) {
  static final String KIND = "open";

  /** Machines may have other versions of Java; plugins are checked before there are facts. */
  private static final Set<String> CHECKED_OTHERWISE = Set.of("platform", "plugins");

  /** An assignment with its list copied. */
  public Assignment {
    pluginFolders = List.copyOf(pluginFolders);
  }

  /** The hashes of the jars of some plugins, by id and name. */
  public static Map<String, Object> jars(Collection<LoadedPlugin> plugins, ContentHash hashes) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (LoadedPlugin plugin : plugins) {
      Map<String, Object> jars = new LinkedHashMap<>();
      plugin.jars().forEach(jar -> jars.put(String.valueOf(jar.getFileName()), hashes.of(jar)));
      all.put(plugin.id(), jars);
    }
    return all;
  }

  /** The same for workers of one kind of processor only. */
  public Assignment on(String kind) {
    return new Assignment(
        version, experiment, run, inputs, facts, models, plugins, kind, store, pluginFolders);
  }

  /**
   * Refuses a processor of another kind than is asked for.
   *
   * @throws InvalidInputException naming both
   */
  public void requireProcessor(String own) {
    if (!processor.isEmpty() && !processor.equals(own)) {
      throw new InvalidInputException(
          "the run is to be computed on %s alone, and this is %s".formatted(processor, own));
    }
  }

  /** It as a frame. */
  public Frame frame() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("protocol", Frame.PROTOCOL);
    fields.put("version", version);
    fields.put("experiment", experiment);
    fields.put("run", run.map(Path::toString).orElse(""));
    fields.put("inputs", inputs);
    fields.put("facts", facts);
    fields.put("models", models);
    fields.put("plugins", plugins);
    fields.put("processor", processor);
    fields.put("store", store.toString());
    fields.put("pluginFolders", pluginFolders.stream().map(Path::toString).toList());
    return Frame.of(KIND, fields);
  }

  /**
   * Reads a frame.
   *
   * @param own the version of Sonde that reads it
   * @throws InvalidInputException if it is none, or of another version
   */
  public static Assignment of(Frame frame, String own) {
    if (!frame.kind().equals(KIND) || frame.number("protocol") != Frame.PROTOCOL) {
      throw new InvalidInputException(
          "this worker speaks protocol %d; it was told '%s' in protocol %d"
              .formatted(Frame.PROTOCOL, frame.kind(), frame.number("protocol")));
    }
    if (!frame.text("version").equals(own)) {
      throw new InvalidInputException(
          "this worker is Sonde %s, the run is of %s: install the same on every machine"
              .formatted(own, frame.text("version")));
    }
    return new Assignment(
        own,
        frame.text("experiment"),
        Optional.of(frame.text("run")).filter(text -> !text.isEmpty()).map(Path::of),
        frame.text("inputs"),
        frame.object("facts"),
        frame.texts("models"),
        frame.object("plugins"),
        frame.text("processor"),
        Path.of(frame.text("store")),
        frame.list("pluginFolders").stream().map(each -> Path.of(String.valueOf(each))).toList());
  }

  /**
   * Refuses plugins that are not those of the run.
   *
   * @param here those of this process
   * @throws PluginRequiredException naming the first jar that is missing or another one
   */
  public void requirePlugins(Collection<LoadedPlugin> here, ContentHash hashes) {
    Map<String, Object> own = jars(here, hashes);
    plugins.forEach(
        (id, jars) -> {
          if (!own.containsKey(id)) {
            throw new PluginRequiredException(
                "the run needs the plugin '%s', which this worker has not".formatted(id));
          }
          if (jars instanceof Map<?, ?> wanted && own.get(id) instanceof Map<?, ?> found) {
            wanted.forEach(
                (jar, hash) -> {
                  if (!hash.equals(found.get(jar))) {
                    throw new PluginRequiredException(
                        "plugin '%s': %s is not the run's (sha-256 %s there, %s here)"
                            .formatted(
                                id, jar, hash, found.containsKey(jar) ? found.get(jar) : "none"));
                  }
                });
          }
        });
  }

  /**
   * Refuses a model that is not the run's.
   *
   * @param name in the experiment
   * @throws InvalidInputException if it has another hash
   */
  public void requireModel(String name, String contentHash) {
    String wanted = models.getOrDefault(name, contentHash);
    if (!wanted.equals(contentHash)) {
      throw new InvalidInputException(
          "the model%s is another one here: its hash is %s, that of the run %s"
              .formatted(name.isEmpty() ? "" : " '" + name + "'", contentHash, wanted));
    }
  }

  /**
   * Refuses data or settings that are not the run's.
   *
   * @param found what the manifest would say here
   * @throws InvalidInputException naming what differs
   */
  public void requireFacts(Map<String, Object> found) {
    for (Map.Entry<String, Object> fact : facts.entrySet()) {
      Object own = found.getOrDefault(fact.getKey(), Map.of());
      if (!CHECKED_OTHERWISE.contains(fact.getKey()) && !same(fact.getValue(), own)) {
        throw new InvalidInputException(
            "%s here is not that of the run: %s, and there %s"
                .formatted(fact.getKey(), own, fact.getValue()));
      }
    }
  }

  /** Numbers lose their Java type on the way. */
  private static boolean same(Object there, Object here) {
    if (there instanceof Number a && here instanceof Number b) {
      return a.longValue() == b.longValue()
          && Double.compare(a.doubleValue(), b.doubleValue()) == 0;
    }
    if (there instanceof Map<?, ?> a && here instanceof Map<?, ?> b) {
      return a.keySet().equals(b.keySet())
          && a.entrySet().stream()
              .allMatch(
                  each -> same(each.getValue(), Objects.requireNonNull(b.get(each.getKey()))));
    }
    return there.equals(here);
  }
}
