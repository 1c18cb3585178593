package dev.sonde.engine;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.plugin.Activity;
import dev.sonde.engine.plugin.Guard;
import dev.sonde.engine.plugin.PluginLoader;
import dev.sonde.engine.plugin.PluginOutcome;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.run.RunFolder;
import dev.sonde.engine.run.Runner;
import dev.sonde.engine.run.ShardService;
import dev.sonde.engine.worker.Assignment;
import dev.sonde.engine.worker.HandOut;
import dev.sonde.engine.worker.LocalWorkforce;
import dev.sonde.engine.worker.Workforce;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An installation of Sonde with its plugins loaded. */
public final class Sonde implements AutoCloseable {
  private final Folders folders;
  private final PluginRegistry plugins;
  private final Progress progress;
  private final Guard guard;
  private final PluginLoader loader;
  private final Workforce workforce;

  private Sonde(
      Folders folders,
      PluginRegistry plugins,
      Progress progress,
      Guard guard,
      PluginLoader loader,
      Workforce workforce) {
    this.folders = folders;
    this.plugins = plugins;
    this.progress = progress;
    this.guard = guard;
    this.loader = loader;
    this.workforce = workforce;
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
          public void alive() {
            activity.sign();
          }

          @Override
          public void warning(String text) {
            listener.warning(text);
          }
        };
    return new Sonde(folders, plugins, progress, guard, loader, Workforce.here());
  }

  /**
   * The same installation with shards computed by worker processes on this machine. Use it in the
   * place of this one.
   *
   * @param count how many, at least 1
   * @throws InvalidInputException if it is less
   */
  public Sonde withWorkers(int count) {
    if (count < 1) {
      throw new InvalidInputException("--workers %d: at least 1 is needed".formatted(count));
    }
    return with(new LocalWorkforce(count, folders, workforce.apart().isPresent()));
  }

  /**
   * The same installation with every probe that needs a plugin which is not bundled in a worker
   * process of its own, with that plugin's backends: what ends that process fails the probe alone.
   */
  public Sonde isolating() {
    int count = workforce instanceof LocalWorkforce local ? local.count() : 0;
    return with(new LocalWorkforce(count, folders, true));
  }

  /**
   * The same installation with shards computed by workers that a program reaches. The run's folder
   * and the stored activations lie where workers find them under the same path.
   *
   * @param ownKindOnly whether processors of another kind than this machine's, which give other
   *     last bits, are refused
   */
  public Sonde withWorkers(ShardCarrier carrier, boolean ownKindOnly) {
    return with(new CarrierWorkforce(carrier, ownKindOnly));
  }

  /**
   * The same installation, in which a run stops when shards are ready, for {@link
   * SondeWorker#compute}.
   */
  public Sonde handingOut() {
    return with(HandOut.writing());
  }

  private Sonde with(Workforce other) {
    return new Sonde(folders, plugins, progress, guard, loader, other);
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
    return new Sonde(folders, new PluginRegistry(outcomes), progress, guard, loader, workforce);
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
     * What a section of the report opens with.
     *
     * @param probe its probe
     * @param plugin the probe's plugin
     * @param status {@code ok}, {@code failed} or {@code skipped}
     * @param question what the probe asks; may be empty
     * @param claims the questions with their answers
     * @param picture the headline beside its strongest rival, drawn with letters
     * @param notes remarks
     * @param files what the probe wrote, by names within the run folder
     */
    public record Summary(
        String probe,
        String plugin,
        String status,
        String question,
        List<Answered> claims,
        List<String> picture,
        List<String> notes,
        List<String> files) {
      /** A summary with its lists copied. */
      public Summary {
        claims = List.copyOf(claims);
        picture = List.copyOf(picture);
        notes = List.copyOf(notes);
        files = List.copyOf(files);
      }
    }

    /**
     * A question with its answer.
     *
     * @param answer in a word or two
     * @param figures the number, its interval and the strongest rival; may be empty
     * @param because what decided it
     * @param needed what would be needed to tell; empty where it is told
     */
    public record Answered(
        String answer, String question, String figures, String because, String needed) {}

    /** What the sections of the report open with. */
    public List<Summary> summaries() {
      return Summaries.of(result.report());
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
    return new Run(runner().run(ExperimentFile.read(file, overrides), out, overwrite));
  }

  /** The name of an experiment. */
  public static String name(Path file, List<String> overrides) {
    return ExperimentFile.read(file, overrides).name();
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
    Runner.Outlook outlook = runner().dryRun(ExperimentFile.read(file, overrides), out);
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
    return new Runner(folders, plugins, workforce, progress, EngineVersion.text());
  }

  ShardService shards(Assignment assignment) {
    return new ShardService(assignment, folders, plugins, progress);
  }

  private void warnOfFailedPlugins() {
    plugins.failed().forEach(failure -> progress.warning(failure.message()));
  }

  /** Its plugins. */
  public InstalledPlugins plugins() {
    return new InstalledPlugins(folders, plugins);
  }

  /** What is done with a model beside runs. */
  public ModelTools tools() {
    warnOfFailedPlugins();
    return new ModelTools(folders, plugins, workforce, progress);
  }

  /** What is done with saved probes. */
  public ProbeTools probeTools() {
    warnOfFailedPlugins();
    return new ProbeTools(folders, plugins, progress);
  }

  /** The activations that it keeps. */
  public StoredActivations storedActivations() {
    return new StoredActivations(folders, progress);
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
}
