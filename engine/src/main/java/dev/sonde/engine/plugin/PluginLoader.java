package dev.sonde.engine.plugin;

import dev.sonde.api.Plugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads plugin folders. Each gets one child-first class loader in a layer whose parent is the layer
 * of the api: it sees the api and the JDK, not the engine and not its siblings.
 */
public final class PluginLoader {
  /** What the name of a folder ends in that is not to be loaded. */
  static final String DISABLED_SUFFIX = ".disabled";

  /** What the names of threads begin with on which plugins are made; the id follows. */
  static final String LOADING = "loading ";

  /** The origin of the distribution's own plugins. */
  public static final String BUNDLED = "bundled";

  /** The origin of plugins in a folder that a command was given. */
  public static final String GIVEN = "given";

  /** The origin of plugins in the user's folder. */
  public static final String USER = "user";

  private final ModuleLayer hostLayer;
  private final ApiVersion hostVersion;
  private final Activity activity;
  private final Duration limit;
  private final Map<String, String> claimedNatives = new HashMap<>();
  private final Map<String, Path> seen = new HashMap<>();
  private final Map<String, Path> given = new HashMap<>();
  private final Map<Path, String> states = new HashMap<>();

  /**
   * A loader for this JVM.
   *
   * @param activity hears of every call of a plugin
   * @param limit how long a plugin's constructor may take
   * @throws IllegalStateException if the api is on the class path, where no plugin could see it
   */
  public PluginLoader(Activity activity, Duration limit) {
    Module api = Plugin.class.getModule();
    @Nullable ModuleLayer layer = api.getLayer();
    if (!api.isNamed() || layer == null) {
      throw new IllegalStateException(
          "dev.sonde.api is on the class path; start Sonde with bin/sonde, or put the api on the"
              + " module path");
    }
    this.hostLayer = layer;
    this.hostVersion = ApiVersion.parse(api.getDescriptor().rawVersion().orElseThrow());
    this.activity = activity;
    this.limit = limit;
  }

  /**
   * Loads every sub-folder of a folder, in the order of their names.
   *
   * @param parent holds one folder per plugin; may be absent
   * @param origin see {@link LoadedPlugin#origin()}
   */
  public List<PluginOutcome> loadAll(Path parent, String origin) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(Files::isDirectory).sorted().map(f -> load(f, origin)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads again what changed since it was loaded. What did not change is given as it was, and so is
   * what has native libraries, which load once per process.
   *
   * @param before the outcomes of the last time
   */
  public List<PluginOutcome> reloadAll(Path parent, String origin, List<PluginOutcome> before) {
    List<PluginOutcome> kept =
        before.stream()
            .filter(outcome -> parent.equals(outcome.folder().getParent()))
            .filter(outcome -> isAsItWas(outcome.folder()) || hasNatives(outcome))
            .toList();
    seen.values().removeIf(f -> parent.equals(f.getParent()) && !isAmong(f, kept));
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(Files::isDirectory)
          .sorted()
          .map(
              folder ->
                  kept.stream()
                      .filter(outcome -> outcome.folder().equals(folder))
                      .findFirst()
                      .orElseGet(() -> load(folder, origin)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isAsItWas(Path folder) {
    return state(folder).equals(states.getOrDefault(folder, ""));
  }

  private static boolean hasNatives(PluginOutcome outcome) {
    return outcome instanceof PluginOutcome.Loaded loaded
        && loaded.plugin().nativeGroup().isPresent();
  }

  private static boolean isAmong(Path folder, List<PluginOutcome> kept) {
    return kept.stream().anyMatch(outcome -> outcome.folder().equals(folder));
  }

  /** Names, sizes and times of the files of a folder; tells a change, not what it is. */
  public static String state(Path folder) {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted().toList()) {
        text.append(file)
            .append(' ')
            .append(Files.getLastModifiedTime(file))
            .append(' ')
            .append(Files.size(file))
            .append('\n');
      }
      return text.toString();
    } catch (IOException | UncheckedIOException e) {
      return "unreadable: " + e;
    }
  }

  /** Loads one folder; whatever goes wrong in it becomes a {@link PluginOutcome.Failed}. */
  public PluginOutcome load(Path folder, String origin) {
    states.put(folder, state(folder));
    if (folder.toString().endsWith(DISABLED_SUFFIX)) {
      return new PluginOutcome.Disabled(folder, "its folder's name ends in " + DISABLED_SUFFIX);
    }
    Optional<Path> taken = Optional.ofNullable(given.get(String.valueOf(folder.getFileName())));
    if (origin.equals(USER) && taken.isPresent()) {
      return new PluginOutcome.Disabled(
          folder, "the one in %s is taken instead".formatted(taken.get()));
    }
    try {
      return new PluginOutcome.Loaded(stages(folder, origin));
    } catch (PluginFailure e) {
      return new PluginOutcome.Failed(folder, e.stage(), String.valueOf(e.getMessage()), e.hint());
    }
  }

  private LoadedPlugin stages(Path folder, String origin) throws PluginFailure {
    String id = String.valueOf(folder.getFileName());
    PluginJars jars = PluginJars.scan(folder);
    PluginEntry entry = PluginEntry.of(jars);
    entry.requireVersion(hostVersion);
    requireNew(id, folder);
    new PluginTrust(id, folder, origin).require(entry.nativeGroup());
    requireUnclaimed(entry.nativeGroup(), id);
    ModuleLayer layer = PluginLayer.of(jars, entry, folder, hostLayer);
    Plugin plugin = PluginInstance.of(layer, entry, id, activity, limit);
    seen.put(id, folder);
    if (origin.equals(GIVEN)) {
      given.put(id, folder);
    }
    entry.nativeGroup().ifPresent(group -> claimedNatives.put(group, id));
    return new LoadedPlugin(
        plugin, folder, layer, entry.version(), origin, entry.nativeGroup(), jars.all(), activity);
  }

  private void requireNew(String id, Path folder) throws PluginFailure {
    if (seen.containsKey(id)) {
      throw new PluginFailure(
          Stage.REGISTER,
          "the id '%s' is already taken by %s".formatted(id, seen.get(id)),
          "remove or rename one of the two folders: " + folder);
    }
  }

  private void requireUnclaimed(Optional<String> group, String id) throws PluginFailure {
    if (group.isPresent() && claimedNatives.containsKey(group.get())) {
      throw new PluginFailure(
          Stage.LINK,
          "the native libraries '%s' are already claimed by plugin '%s'"
              .formatted(group.get(), claimedNatives.get(group.get())),
          "a native library loads once per JVM: remove '%s' or '%s'"
              .formatted(claimedNatives.get(group.get()), id));
    }
  }
}
