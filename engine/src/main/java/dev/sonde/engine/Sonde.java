package dev.sonde.engine;

import dev.sonde.api.Extension;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.plugin.Activity;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.Guard;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.NearestNames;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginLoader;
import dev.sonde.engine.plugin.PluginLock;
import dev.sonde.engine.plugin.PluginOutcome;
import dev.sonde.engine.plugin.PluginProject;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.plugin.PluginRequiredException;
import dev.sonde.engine.report.Headline;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.run.RunFolder;
import dev.sonde.engine.run.Runner;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.store.StoreUpkeep;
import dev.sonde.engine.tools.CaptureFile;
import dev.sonde.engine.tools.PrecisionCheck;
import dev.sonde.engine.tools.SteeredGeneration;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.model.GgufConversion;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** An installation of Sonde with its plugins loaded. */
public final class Sonde implements AutoCloseable {
  private static final long MEBIBYTE = 1 << 20;

  private final Folders folders;
  private final PluginRegistry plugins;
  private final Progress progress;
  private final Guard guard;
  private final PluginLoader loader;
  private final ContentHash hashes;

  private Sonde(
      Folders folders,
      PluginRegistry plugins,
      Progress progress,
      Guard guard,
      PluginLoader loader) {
    this.folders = folders;
    this.plugins = plugins;
    this.progress = progress;
    this.guard = guard;
    this.loader = loader;
    this.hashes = hashesIn(folders);
  }

  private static ContentHash hashesIn(Folders folders) {
    return new ContentHash(folders.cache().resolve("hashes"));
  }

  /** Hears how far a run is. */
  public interface Listener {
    /**
     * Called often.
     *
     * @param what the work, in a few words
     * @param done how much is done
     * @param total of how much; 0 where that is not known
     */
    void progress(String what, long done, long total);

    /** A remark that the user should see. */
    void warning(String text);

    /**
     * A plugin ends the process, or makes no progress any more: neither can be prevented. Called on
     * a thread of its own; by default nothing more happens.
     *
     * @param plugin its id
     * @param what it did, and where
     */
    default void stopped(String plugin, String what) {}
  }

  /**
   * Loads the plugins of an installation.
   *
   * @param home the distribution
   * @param environment variables such as SONDE_PLUGINS and SONDE_CACHE
   * @param pluginFolders further folders that hold one folder per plugin
   */
  public static Sonde open(
      Path home, Map<String, String> environment, List<Path> pluginFolders, Listener listener) {
    Folders folders = Folders.of(home, environment, pluginFolders);
    Activity activity = new Activity();
    Guard guard = Guard.over(activity, folders.stallLimit(), listener::stopped);
    PluginLoader loader = new PluginLoader(activity, folders.loadLimit());
    List<PluginOutcome> outcomes = new ArrayList<>();
    for (Folders.PluginFolder folder : folders.plugins()) {
      outcomes.addAll(loader.loadAll(folder.path(), folder.origin()));
    }
    PluginRegistry plugins = new PluginRegistry(outcomes);
    Progress progress =
        new Progress() {
          @Override
          public void at(String what, long done, long total) {
            activity.sign();
            listener.progress(what, done, total);
          }

          @Override
          public void warning(String text) {
            listener.warning(text);
          }
        };
    return new Sonde(folders, plugins, progress, guard, loader);
  }

  /**
   * The same installation with the plugins that changed loaded again. Those with native libraries
   * stay as they were loaded first. Use it in the place of this one, whose other plugins can be
   * collected once nobody holds them.
   */
  public Sonde reopened() {
    List<PluginOutcome> outcomes = new ArrayList<>();
    for (Folders.PluginFolder folder : folders.plugins()) {
      outcomes.addAll(loader.reloadAll(folder.path(), folder.origin(), plugins.outcomes()));
    }
    return new Sonde(folders, new PluginRegistry(outcomes), progress, guard, loader);
  }

  /** Tells whether plugin folders changed: equal as long as none did. */
  public String pluginState() {
    StringBuilder state = new StringBuilder();
    for (Folders.PluginFolder folder : folders.plugins()) {
      if (!folder.origin().equals(PluginLoader.BUNDLED)) {
        state.append(PluginLoader.state(folder.path()));
      }
    }
    return state.toString();
  }

  /** Ends the watch over plugins. */
  @Override
  public void close() {
    guard.close();
  }

  private static String ownVersion() {
    return Sonde.class.getModule().isNamed()
        ? Sonde.class.getModule().getDescriptor().rawVersion().orElse("unknown")
        : "unknown";
  }

  /** A finished run. */
  public static final class Run {
    private final Runner.Result result;

    private Run(Runner.Result result) {
      this.result = result;
    }

    /** Its folder. */
    public Path folder() {
      return result.folder();
    }

    /** Whether every probe finished. */
    public boolean complete() {
      return result.complete();
    }

    /** report.json, as text. */
    public String reportJson() {
      return ReportJson.write(result.report());
    }

    /**
     * The figures to read first, section by section.
     *
     * @param probe its probe
     * @param plugin the probe's plugin
     * @param status {@code ok}, {@code failed} or {@code skipped}
     * @param lines what, value, and how to read it
     * @param notes remarks
     */
    public record Summary(
        String probe, String plugin, String status, List<List<String>> lines, List<String> notes) {
      /** A summary with its lists copied. */
      public Summary {
        lines = List.copyOf(lines);
        notes = List.copyOf(notes);
      }
    }

    /** The figures to read first. */
    public List<Summary> summaries() {
      return result.report().sections().stream()
          .map(
              section ->
                  new Summary(
                      section.name(),
                      section.plugin(),
                      section.status().name().toLowerCase(Locale.ROOT),
                      Headline.of(section).stream()
                          .map(line -> List.of(line.what(), line.value(), line.reading()))
                          .toList(),
                      section.notes()))
          .toList();
    }
  }

  /**
   * Runs an experiment.
   *
   * @param file the experiment
   * @param overrides {@code path.to.key=value}
   * @param out the run folder
   * @param overwrite whether an earlier run in it may be removed
   * @throws dev.sonde.api.SondeException if it cannot be run; a probe that fails does not throw
   */
  public Run run(Path file, List<String> overrides, Path out, boolean overwrite) {
    warnOfFailedPlugins();
    return new Run(runner().run(Experiment.read(file, overrides), out, overwrite));
  }

  /** The name of an experiment. */
  public static String name(Path file, List<String> overrides) {
    return Experiment.read(file, overrides).name();
  }

  /**
   * What a run would take.
   *
   * @param lines passes, tokens, bytes and expected time, for people
   * @param obstacles why it cannot be run here, and what to change; empty where it can
   */
  public record Outlook(List<String> lines, List<String> obstacles) {
    /** An outlook with its lists copied. */
    public Outlook {
      lines = List.copyOf(lines);
      obstacles = List.copyOf(obstacles);
    }
  }

  /**
   * What a run would take; no pass is run.
   *
   * @param out the run folder, which need not exist
   */
  public Outlook dryRun(Path file, List<String> overrides, Path out) {
    warnOfFailedPlugins();
    Runner.Outlook outlook = runner().dryRun(Experiment.read(file, overrides), out);
    return new Outlook(outlook.lines(), outlook.obstacles());
  }

  /** Goes on with a run that was interrupted. */
  public Run resume(Path run) {
    warnOfFailedPlugins();
    return new Run(runner().resume(run));
  }

  /** The files of a finished run that are missing or changed since it was written. */
  public List<String> verify(Path run) {
    return runner().changedFiles(run);
  }

  /**
   * Renders the report of a finished run again.
   *
   * @return a remark where its report.json is no longer what the run wrote
   */
  public static Optional<String> render(Path run) {
    return Runner.render(run);
  }

  /** Whether a folder holds a run that {@link #resume} can go on with. */
  public static boolean canResume(Path run) {
    return RunFolder.isBegun(run);
  }

  /**
   * Refuses a run folder that holds an earlier run, or anything else.
   *
   * @throws InvalidInputException naming what it holds
   */
  public static void requireFree(Path run) {
    Runner.requireFree(run, false);
  }

  private Runner runner() {
    return new Runner(folders, plugins, ShardExecutor.local(), progress, ownVersion());
  }

  private void warnOfFailedPlugins() {
    plugins.failed().forEach(failure -> progress.warning(failure.message()));
  }

  /**
   * Writes activations to a safetensors file.
   *
   * @param model {@code ref} and {@code backend}, as in an experiment
   * @param data {@code path} and {@code text}, as in an experiment
   * @param overrides {@code path.to.key=value}
   * @param points hook points or patterns
   * @param tokens see {@link CaptureRequest#of}, and {@code all}
   * @param out a file that ends in {@code .safetensors}
   * @param overwrite whether it may exist
   */
  public void capture(
      Map<String, Object> model,
      Map<String, Object> data,
      List<String> overrides,
      List<String> points,
      String tokens,
      Path out,
      boolean overwrite) {
    new CaptureFile(folders, plugins, progress)
        .write(
            Experiment.of(model, data, overrides),
            CaptureRequest.of(points, tokens),
            out,
            overwrite);
  }

  /**
   * Writes a GGUF file as a Hugging Face folder.
   *
   * @param folder must not exist; folders above it are made
   * @throws InvalidInputException if it exists or cannot be written
   * @throws ModelUnavailableException if the file is missing, malformed or not supported
   */
  public static void convert(Path gguf, Path folder, Listener listener) {
    if (!Files.isRegularFile(gguf)) {
      throw new ModelUnavailableException(
          Files.isDirectory(gguf)
              ? gguf + ": is a folder; name the .gguf file in it"
              : gguf + ": there is no such file");
    }
    try {
      Files.createDirectories(folder.toAbsolutePath().normalize().resolveSibling(""));
      GgufConversion.convert(
          gguf,
          folder,
          (weight, done, total) ->
              listener.progress("converting (MiB)", done / MEBIBYTE, total / MEBIBYTE));
    } catch (FileAlreadyExistsException e) {
      throw new InvalidInputException(
          "%s exists; name another folder, or remove it".formatted(folder), e);
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s cannot be written (%s); free space, or name another folder".formatted(folder, e), e);
    } catch (FormatException e) {
      throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
    }
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
  public List<PluginStatus> plugins() {
    List<Description> offers = offers();
    return plugins.outcomes().stream().map(outcome -> status(outcome, offers)).toList();
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
        plugins.outcomes().stream().filter(o -> !o.folder().startsWith(bundled)).toList();
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
      for (Offer<? extends Extension> offer : plugins.all(kind)) {
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
      for (PluginOutcome.Failed failure : plugins.failed()) {
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
   * Runs a model in bfloat16 and in float32 and says how much accuracy the one costs and how much
   * time it saves.
   *
   * @param ref the model, as in an experiment
   * @return a line for each block, for the speed, and for each remark of the backend: what, value
   * @throws ModelUnavailableException if it cannot be opened in both
   */
  public List<List<String>> comparePrecision(String ref, String backend) {
    warnOfFailedPlugins();
    PrecisionCheck.Result result = new PrecisionCheck(plugins, folders, progress).of(ref, backend);
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of(
            "bfloat16",
            "residual stream of %d %s against float32, relative error of a token's row"
                .formatted(
                    result.tokens(), result.random() ? "random tokens" : "tokens of prompts")));
    for (int layer = 0; layer < result.layers().size(); layer++) {
      PrecisionCheck.Layer errors = result.layers().get(layer);
      lines.add(
          List.of(
              "block " + layer,
              String.format(
                  Locale.ROOT, "median %.2e, worst %.2e", errors.median(), errors.worst())));
    }
    lines.add(
        List.of(
            "speed",
            String.format(
                Locale.ROOT, "bfloat16 is %.3g times as fast as float32", result.speedup())));
    result.notes().forEach(note -> lines.add(List.of("note", note)));
    return lines;
  }

  /**
   * A prompt to continue while directions are added to the residual stream.
   *
   * @param model {@code ref}, {@code backend} and {@code dtype}, as in an experiment
   * @param vectors direction files with their factors, added one after the other
   * @param firstLayer the first block whose output is changed
   * @param lastLayer the last; empty for that of the model
   * @param prompt a text, encoded with the special tokens that the tokenizer adds
   * @param maxTokens most tokens that are added, at least 1
   * @param temperature at least 0, which is greedy
   * @param seed decides what is drawn
   */
  public record Steer(
      Map<String, String> model,
      List<Map.Entry<Path, Double>> vectors,
      int firstLayer,
      OptionalInt lastLayer,
      String prompt,
      int maxTokens,
      double temperature,
      long seed) {
    /** A request with its map and list copied. */
    public Steer {
      model = Map.copyOf(model);
      vectors = List.copyOf(vectors);
    }
  }

  /**
   * A prompt continued both ways, the prompt itself left out.
   *
   * @param plain without directions
   * @param steered with them
   * @param layers the blocks at whose output they were added
   */
  public record Steered(String plain, String steered, List<Integer> layers) {
    /** A result with its list copied. */
    public Steered {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Continues a prompt with and without directions.
   *
   * @throws InvalidInputException if a file is malformed or does not fit the model, or the backend
   *     cannot add vectors
   * @throws ModelUnavailableException if the model cannot be opened
   */
  public Steered steer(Steer steer) {
    warnOfFailedPlugins();
    SteeredGeneration.Result result =
        new SteeredGeneration(plugins, folders, progress)
            .of(
                new Experiment.ModelPart(
                    steer.model().getOrDefault("ref", ""),
                    Path.of("").toAbsolutePath(),
                    steer.model().getOrDefault("backend", ""),
                    steer.model().getOrDefault("dtype", "float32"),
                    Optional.empty()),
                new SteeredGeneration.Change(
                    steer.vectors().stream()
                        .map(
                            vector ->
                                new SteeredGeneration.Scaled(vector.getKey(), vector.getValue()))
                        .toList(),
                    steer.firstLayer(),
                    steer.lastLayer()),
                new SteeredGeneration.Continuation(
                    steer.prompt(),
                    steer.maxTokens(),
                    Sampling.temperature(steer.temperature()),
                    steer.seed()));
    return new Steered(result.plain(), result.steered(), result.layers());
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
  public static void newPlugin(Path home, String name, String kind, Path folder) {
    new PluginProject(home, ownVersion()).write(name, kind, folder);
  }

  /** The distribution. */
  public Path home() {
    return folders.home();
  }

  /** The folder of the user's own plugins, which need not exist. */
  public Path userPlugins() {
    return folders.plugins().stream()
        .filter(folder -> folder.origin().equals(PluginLoader.USER))
        .findFirst()
        .orElseThrow()
        .path();
  }

  /** The folder of what can be made again. */
  public Path cache() {
    return folders.cache();
  }

  /**
   * Removes stored activations that were used longest ago until the rest fits.
   *
   * @param limit bytes that may stay
   * @return what was done, in words
   */
  public String cleanStore(long limit) {
    StoreUpkeep.Cleanup done = StoreUpkeep.clean(folders.activations(), limit);
    return "removed %d files of %d bytes; %d bytes stay"
        .formatted(done.removed(), done.freed(), done.left());
  }

  /**
   * What a check of the stored activations found.
   *
   * @param lines what is wrong with each damaged chunk
   * @param summary in one line
   * @param sound whether nothing damaged is left
   */
  public record StoreCheck(List<String> lines, String summary, boolean sound) {
    /** A result with its list copied. */
    public StoreCheck {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Reads all stored activations and says which are not what was written.
   *
   * @param remove whether those of no use are removed
   */
  public StoreCheck checkStore(boolean remove) {
    StoreUpkeep.Check check =
        StoreUpkeep.check(
            folders.activations(),
            remove,
            (done, total) -> progress.at("checking (MiB)", done / MEBIBYTE, total / MEBIBYTE));
    String summary =
        "checked %d chunks of %d bytes: %d damaged, %d of an earlier version%s"
            .formatted(
                check.chunks(),
                check.bytes(),
                check.damaged().size(),
                check.earlier(),
                check.damaged().size() + check.earlier() == 0
                    ? ""
                    : remove
                        ? "; these were removed"
                        : "; runs that need these compute them again");
    return new StoreCheck(check.damaged(), summary, remove || check.damaged().isEmpty());
  }
}
