package dev.sonde.engine.run;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.plan.Forecast;
import dev.sonde.engine.plan.MachineLimits;
import dev.sonde.engine.plan.Pace;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.report.ReportHtml;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.report.ReportMarkdown;
import dev.sonde.engine.report.RunReport;
import dev.sonde.engine.report.Section;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.shard.ShardTask;
import dev.sonde.engine.store.ActivationStore;
import dev.sonde.formats.ContentHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Runs experiments. */
public final class Runner {
  private final Folders folders;
  private final PluginRegistry plugins;
  private final ShardExecutor executor;
  private final Progress progress;
  private final String version;
  private final ContentHash hashes;

  /** A runner that has shards computed by an executor. */
  public Runner(
      Folders folders,
      PluginRegistry plugins,
      ShardExecutor executor,
      Progress progress,
      String version) {
    this.folders = folders;
    this.plugins = plugins;
    this.executor = executor;
    this.progress = progress;
    this.version = version;
    this.hashes = new ContentHash(folders.cache().resolve("hashes"));
  }

  /**
   * A finished run.
   *
   * @param folder its folder
   * @param report what it reported
   */
  public record Result(Path folder, RunReport report) {
    /** Whether every probe finished. */
    public boolean complete() {
      return report.sections().stream().allMatch(s -> s.status() == Section.Status.OK);
    }
  }

  /**
   * Runs an experiment in a new folder.
   *
   * @param overwrite whether an earlier run in the folder may be removed
   */
  public Result run(Experiment experiment, Path out, boolean overwrite) {
    try (RunSetup setup = setUp(experiment)) {
      requireRoom(setup, out);
      RunFolder folder = RunFolder.create(out, overwrite);
      folder.write(RunFolder.EXPERIMENT, setup.resolved());
      return execute(setup, folder);
    }
  }

  /** Goes on with a run that was interrupted; what it finished is kept. */
  public Result resume(Path run) {
    RunFolder folder = RunFolder.open(run);
    Experiment experiment = Experiment.read(folder.file(RunFolder.EXPERIMENT), List.of());
    try (RunSetup setup = setUp(experiment)) {
      requireRoom(setup, run);
      return execute(setup, folder);
    }
  }

  private RunSetup setUp(Experiment experiment) {
    progress.at("preparing", 0, 0);
    return RunSetup.of(experiment, plugins, folders, progress);
  }

  private void requireRoom(RunSetup setup, Path out) {
    MachineLimits.here(folders).require(forecast(setup, out).demand());
  }

  private Forecast forecast(RunSetup setup, Path out) {
    return Forecast.of(setup.passes(), setup.needs(), folders.activations(), out);
  }

  /**
   * What a run would take.
   *
   * @param lines for people
   * @param obstacles why it cannot be run here, and what to change; empty where it can
   */
  public record Outlook(List<String> lines, List<String> obstacles) {
    /** An outlook with its lists copied. */
    public Outlook {
      lines = List.copyOf(lines);
      obstacles = List.copyOf(obstacles);
    }
  }

  /** What a run would take; no pass is run. */
  public Outlook dryRun(Experiment experiment, Path out) {
    try (RunSetup setup = setUp(experiment)) {
      Forecast forecast = forecast(setup, out);
      MachineLimits limits = MachineLimits.here(folders);
      int width = setup.inputs().model().info().width();
      DoubleSupplier pace = () -> Pace.measured(setup.linearAlgebra(), width);
      return new Outlook(forecast.lines(limits, pace), limits.obstacles(forecast.demand()));
    }
  }

  private Result execute(RunSetup setup, RunFolder folder) {
    Timing timing = new Timing();
    Map<String, Object> inputs = Manifest.inputs(setup, hashes);
    try (RunLog log = RunLog.open(folder);
        ActivationStore store = ActivationStore.open(folders.activations())) {
      for (String note : setup.inputs().model().info().notes()) {
        log.info(note);
        progress.warning(note);
      }
      Journal journal = Journal.open(folder, Manifest.hash(inputs, setup.resolved()));
      Workplace workplace = new Workplace(folder, journal, executor, timing, progress);
      Activations activations = new Activations(setup.passes(), store, executor, progress);
      capture(setup, activations, timing);
      LinearAlgebra algebra = setup.linearAlgebra();
      List<Section> sections = new ArrayList<>();
      for (SetUpProbe probe : setup.probes()) {
        Context context = new Context(probe, setup, activations, algebra, workplace);
        sections.add(
            timing.timed(
                "probe " + probe.name(), () -> ProbeRun.section(probe, context, workplace)));
      }
      RunReport report = new RunReport(RunFacts.of(setup, hashes, version), sections);
      folder.write(RunFolder.REPORT, ReportJson.write(report));
      render(folder, report);
      Manifest.write(folder, inputs, hashes);
      folder.write("timing.json", ReportJson.write(timing.entries()));
      log.info("finished");
      return new Result(folder.path(), report);
    }
  }

  /** Captures what is known to be read, the main pass first. */
  private static void capture(RunSetup setup, Activations activations, Timing timing) {
    List<ShardTask.Capture> missing = activations.missing(Role.MAIN_PASS);
    Pass main = setup.passes().main();
    timing.put("rows_captured", missing.stream().mapToLong(task -> task.shard().rows()).sum());
    timing.put(
        "tokens_captured",
        missing.stream()
            .flatMap(task -> main.tokens(task.shard()).stream())
            .mapToLong(row -> row.length)
            .sum());
    timing.timed("capture", () -> activations.ensure(main));
    timing.timed(
        "capture of controls",
        () ->
            setup.passes().all().stream()
                .filter(pass -> !pass.role().equals(Role.MAIN_PASS))
                .forEach(activations::ensure));
  }

  /** Renders the report of a finished run again. */
  public static void render(RunFolder folder) {
    RunReport report = ReportJson.readReport(folder.file(RunFolder.REPORT));
    List<Section> sections =
        report.sections().stream()
            .map(section -> Journal.section(folder, section.name()).orElse(section))
            .toList();
    render(folder, new RunReport(report.run(), sections));
  }

  private static void render(RunFolder folder, RunReport report) {
    folder.write("report.md", ReportMarkdown.render(report));
    folder.write("report.html", ReportHtml.render(report));
  }

  /** The files of a finished run that changed since it was written. */
  public List<String> changedFiles(Path run) {
    return Manifest.changed(RunFolder.open(run), hashes);
  }
}
