package dev.sonde.engine;

import dev.sonde.api.Extension;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.config.Settings;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.NearestNames;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginLoader;
import dev.sonde.engine.plugin.PluginLock;
import dev.sonde.engine.plugin.PluginOutcome;
import dev.sonde.engine.plugin.PluginProject;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.plugin.PluginRequiredException;
import dev.sonde.formats.ContentHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The plugins of an installation: what became of them, what they offer, and what they may do. */
public final class InstalledPlugins {
  private final Folders folders;
  private final PluginRegistry registry;
  private final ContentHash hashes;

  InstalledPlugins(Folders folders, PluginRegistry registry) {
    this.folders = folders;
    this.registry = registry;
    this.hashes = new ContentHash(folders.cache().resolve("hashes"));
  }

  /**
   * What became of a plugin folder.
   *
   * @param id the plugin's id
   * @param status {@code loaded}, {@code disabled} or {@code failed}
   * @param version its version; empty unless loaded
   * @param origin {@code bundled}, {@code user} or {@code given}; empty unless loaded
   * @param nativeGroup the native libraries it claims and may load; empty where none
   * @param sha256 one hash over its jars; empty unless loaded
   * @param offers what it offers, as {@code kind name}
   * @param problem why it is disabled or failed, with the remedy; empty where loaded
   * @param folder where it is
   */
  public record PluginStatus(
      String id,
      String status,
      String version,
      String origin,
      String nativeGroup,
      String sha256,
      List<String> offers,
      String problem,
      Path folder) {
    /** A status with its list copied. */
    public PluginStatus {
      offers = List.copyOf(offers);
    }
  }

  /** What became of each plugin folder. */
  public List<PluginStatus> list() {
    List<Description> offers = offers();
    return registry.outcomes().stream().map(outcome -> status(outcome, offers)).toList();
  }

  /**
   * Accepts the jars of a plugin as they are now; it is loaded the next time Sonde is opened.
   *
   * @throws InvalidInputException if no folder beside the bundled ones holds a plugin of that id
   */
  public void accept(String plugin) {
    Path folder = ownFolder(plugin);
    PluginLock.beside(folder).accept(plugin, PluginLock.hashes(folder));
  }

  /**
   * Lets a plugin load native libraries, the next time Sonde is opened.
   *
   * @throws InvalidInputException if no folder beside the bundled ones holds a plugin of that id
   */
  public void allowNatives(String plugin) {
    PluginLock.beside(ownFolder(plugin)).allowNatives(plugin);
  }

  private Path ownFolder(String plugin) {
    Path bundled = folders.home().resolve("plugins");
    List<PluginOutcome> others =
        registry.outcomes().stream().filter(o -> !o.folder().startsWith(bundled)).toList();
    return others.stream()
        .filter(outcome -> outcome.id().equals(plugin))
        .map(PluginOutcome::folder)
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "no plugin folder of yours is called '%s'; %s"
                        .formatted(
                            plugin,
                            NearestNames.hint(
                                plugin, others.stream().map(PluginOutcome::id).toList()))));
  }

  private PluginStatus status(PluginOutcome outcome, List<Description> offers) {
    return switch (outcome) {
      case PluginOutcome.Loaded(LoadedPlugin plugin) ->
          new PluginStatus(
              plugin.id(),
              "loaded",
              plugin.version(),
              plugin.origin(),
              plugin.nativeGroup().orElse(""),
              plugin.origin().equals(PluginLoader.BUNDLED)
                  ? hashes.of(plugin.jars())
                  : ContentHash.afresh(plugin.jars()),
              offers.stream()
                  .filter(d -> d.plugin().equals(plugin.id()))
                  .map(d -> d.kind() + " " + d.name())
                  .toList(),
              "",
              plugin.folder());
      case PluginOutcome.Disabled(Path folder, String reason) ->
          new PluginStatus(outcome.id(), "disabled", "", "", "", "", List.of(), reason, folder);
      case PluginOutcome.Failed failed ->
          new PluginStatus(
              failed.id(), "failed", "", "", "", "", List.of(), failed.message(), failed.folder());
    };
  }

  /**
   * A factory of a plugin, described.
   *
   * @param kind what it makes
   * @param plugin whose it is
   * @param name its short name
   * @param summary one line
   * @param settings its settings
   */
  public record Description(
      String kind, String plugin, String name, String summary, Settings settings) {}

  /** Everything that plugins offer. */
  public List<Description> offers() {
    List<Description> all = new ArrayList<>();
    for (ExtensionKind<? extends Extension> kind : ExtensionKind.all()) {
      for (Offer<? extends Extension> offer : registry.all(kind)) {
        all.add(describe(kind.noun(), offer));
      }
    }
    return all;
  }

  private static <T extends Extension> Description describe(String kind, Offer<T> offer) {
    return new Description(
        kind,
        offer.plugin().id(),
        offer.factory().name(),
        offer.call(Extension::summary),
        offer.call(Extension::settings));
  }

  /**
   * Refuses a name that something of that kind has already: an experiment could not tell the two
   * apart.
   *
   * @throws InvalidInputException if it is taken, by what
   */
  public void requireFree(String kind, String name) {
    for (Description taken : offers()) {
      if (taken.kind().equals(kind) && taken.name().equals(name)) {
        throw new InvalidInputException(
            "the plugin '%s' has a %s called '%s' already; choose another name"
                .formatted(taken.plugin(), kind, name));
      }
    }
  }

  /**
   * The factories of that name.
   *
   * @throws InvalidInputException if there is none
   */
  public List<Description> describe(String name) {
    List<Description> offers = offers();
    List<Description> found =
        offers.stream()
            .filter(d -> d.name().equals(name) || (d.plugin() + "/" + d.name()).equals(name))
            .toList();
    if (found.isEmpty()) {
      for (PluginOutcome.Failed failure : registry.failed()) {
        if (name.equals(failure.id()) || name.startsWith(failure.id() + "/")) {
          throw new PluginRequiredException(failure.message());
        }
      }
      throw new InvalidInputException(
          "nothing is called '%s'; %s"
              .formatted(
                  name,
                  NearestNames.hint(
                      name, offers.stream().map(Description::name).distinct().toList())));
    }
    return found;
  }

  /**
   * Writes a Maven project for a new plugin.
   *
   * @param home the distribution
   * @param name the plugin's id
   * @param kind {@code decoder}, {@code probe}, {@code backend} or {@code dataset}
   * @param folder empty or not there yet
   * @throws InvalidInputException if name or kind cannot be, or the folder cannot be written
   */
  public static void newProject(Path home, String name, String kind, Path folder) {
    new PluginProject(home, EngineVersion.text()).write(name, kind, folder);
  }
}
