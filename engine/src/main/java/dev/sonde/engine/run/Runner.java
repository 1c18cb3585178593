package dev.sonde.engine.run;

import dev.sonde.engine.evaluate.control.DesignPower;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.plan.Forecast;
import dev.sonde.engine.plan.MachineLimits;
import dev.sonde.engine.plan.Pace;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.report.RunReport;
import dev.sonde.engine.report.Section;
import dev.sonde.engine.worker.Workforce;
import dev.sonde.formats.ContentHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Runs experiments. */
public final class Runner {
  private final Folders folders;
  private final PluginRegistry plugins;
  private final Workforce workforce;
  private final Progress progress;
  private final String version;
  private final ContentHash hashes;

  /** A runner that has shards computed by somebody. */
  public Runner(
      Folders folders,
      PluginRegistry plugins,
      Workforce workforce,
      Progress progress,
      String version) {
    this.folders = folders;
    this.plugins = plugins;
    this.workforce = workforce;
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
    requireFree(out, overwrite); // before a model is fetched and opened for nothing
    try (RunSetup setup = setUp(experiment)) {
      requireRoom(setup, out);
      RunInputs inputs = RunInputs.of(setup, hashes);
      try (RunFolder folder = RunFolder.create(out, overwrite)) {
        Journal journal = Journal.begin(folder, inputs.experiment(), inputs.hash());
        return execution(setup, folder, inputs).carriedOut(() -> journal);
      }
    }
  }

  /** Goes on with a run that was interrupted; what it finished is kept. */
  public Result resume(Path run) {
    try (RunFolder folder = RunFolder.goOn(run)) {
      Experiment experiment = ExperimentFile.read(folder.file(RunFolder.EXPERIMENT), List.of());
      try (RunSetup setup = setUp(experiment)) {
        requireRoom(setup, run);
        RunInputs inputs = RunInputs.of(setup, hashes);
        return execution(setup, folder, inputs)
            .carriedOut(() -> Journal.goOn(folder, inputs.experiment(), inputs.hash()));
      }
    }
  }

  /**
   * Refuses a folder for a new run.
   *
   * @param overwrite whether an earlier run in it may be removed
   * @throws dev.sonde.api.InvalidInputException if it holds anything else
   */
  public static void requireFree(Path out, boolean overwrite) {
    RunFolder.requireFree(out, overwrite);
  }

  private RunSetup setUp(Experiment experiment) {
    progress.at("preparing", 0, 0);
    return RunSetup.of(experiment, plugins, folders, progress);
  }

  private Execution execution(RunSetup setup, RunFolder folder, RunInputs inputs) {
    return new Execution(setup, folder, inputs, folders, workforce, progress, version, hashes);
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
      setup.guesses().forEach(progress::warning);
      MachineLimits limits = MachineLimits.here(folders);
      int width = setup.inputs().model().info().width();
      DoubleSupplier pace = () -> Pace.measured(setup.linearAlgebra(), width);
      List<String> lines = new ArrayList<>(forecast.lines(limits, pace));
      lines.addAll(power(setup));
      return new Outlook(lines, limits.obstacles(forecast.demand()));
    }
  }

  /** What the rows, groups and labels of each evaluation can show at all. */
  private static List<String> power(RunSetup setup) {
    Experiment experiment = setup.experiment();
    List<String> lines = new ArrayList<>();
    for (SetUpProbe probe : setup.probes()) {
      Optional<String> maker = experiment.probe(probe.name()).maker();
      if (probe.needs().evaluates() && maker.isPresent()) {
        lines.add(
            "power    probe '%s': not known before '%s' has made its labels"
                .formatted(probe.name(), maker.get()));
      } else if (probe.needs().evaluates()) {
        DesignPower.of(
                setup.inputs().study(Role.MAIN_PASS, probe.name()),
                experiment.evaluation().folds(),
                new Seeds(experiment.seed()))
            .forEach(line -> lines.add("power    probe '%s': %s".formatted(probe.name(), line)));
      }
    }
    return lines;
  }

  /**
   * Renders the report of a finished run again.
   *
   * @return a remark where what it is rendered from is not what the run wrote
   */
  public static Optional<String> render(Path run) {
    try (RunFolder folder = RunFolder.goOn(run)) {
      RunReport report = ReportJson.readReport(folder.file(RunFolder.REPORT));
      List<Section> sections =
          report.sections().stream()
              .map(section -> Journal.section(folder, section.name()).orElse(section))
              .toList();
      Execution.render(folder, new RunReport(report.run(), sections));
      return Verification.isChanged(folder, RunFolder.REPORT)
          ? Optional.of(folder.file(RunFolder.REPORT) + ": has changed since the run wrote it")
          : Optional.empty();
    }
  }

  /** The files of a finished run that changed since it was written. */
  public List<String> changedFiles(Path run) {
    return Verification.changed(RunFolder.open(run));
  }
}
