package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.engine.evaluate.control.DesignPower;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Processor;
import dev.sonde.engine.host.Progress;
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
import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.worker.Assignment;
import dev.sonde.engine.worker.Workforce;
import dev.sonde.formats.ContentHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
        return execute(setup, folder, inputs, () -> journal);
      }
    }
  }

  /**
   * What a run depends on.
   *
   * @param manifest its hashes
   * @param experiment with defaults and absolute paths
   */
  private record RunInputs(Map<String, Object> manifest, String experiment) {
    static RunInputs of(RunSetup setup, ContentHash hashes) {
      return new RunInputs(Manifest.inputs(setup, hashes), setup.resolved());
    }

    List<String> earlier(Path run) {
      return EarlierRuns.names(run, manifest, experiment);
    }

    String hash() {
      return Manifest.hash(manifest, experiment);
    }
  }

  /** Goes on with a run that was interrupted; what it finished is kept. */
  public Result resume(Path run) {
    try (RunFolder folder = RunFolder.goOn(run)) {
      Experiment experiment = ExperimentFile.read(folder.file(RunFolder.EXPERIMENT), List.of());
      try (RunSetup setup = setUp(experiment)) {
        requireRoom(setup, run);
        RunInputs inputs = RunInputs.of(setup, hashes);
        return execute(
            setup, folder, inputs, () -> Journal.goOn(folder, inputs.experiment(), inputs.hash()));
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

  private Result execute(
      RunSetup setup, RunFolder folder, RunInputs inputs, Supplier<Journal> opened) {
    Timing timing = new Timing();
    Set<String> processors = new TreeSet<>(Set.of(Processor.kind()));
    Journal journal;
    RunReport report;
    try (RunLog log = RunLog.open(folder);
        ActivationStore store = ActivationStore.open(folders.activations())) {
      Stream.concat(setup.inputs().model().info().notes().stream(), setup.guesses().stream())
          .forEach(
              note -> {
                log.info(note);
                progress.warning(note);
              });
      journal = opened.get();
      folder.joinHandedOut();
      report = report(setup, store, new Place(folder, journal, inputs, processors), timing);
      folder.write(RunFolder.REPORT, ReportJson.write(report));
      render(folder, report);
      Manifest.write(folder, inputs.manifest(), journal.hashes(), processors);
      folder.write(RunFolder.TIMING, ReportJson.write(timing.entries()));
      log.info("finished");
    }
    journal.seal(); // with the log closed, as it is sealed as well
    return new Result(folder.path(), report);
  }

  /** Where a run is written. */
  private record Place(
      RunFolder folder, Journal journal, RunInputs inputs, Set<String> processors) {}

  /** Captures and runs the probes; those that compute shards are gone afterwards. */
  private RunReport report(RunSetup setup, ActivationStore store, Place place, Timing timing) {
    RunFolder folder = place.folder();
    Set<String> apart = workforce.apart().isPresent() ? setup.foreignProbes() : Set.of();
    Workforce who = apart.isEmpty() ? workforce : workforce.apart().orElse(workforce);
    try (ShardExecutor executor = who.of(assignment(setup, place), progress)) {
      Workplace workplace = new Workplace(folder, place.journal(), executor, timing, progress);
      Activations activations = new Activations(setup.passes(), store, executor, progress);
      activations.capture(timing);
      LinearAlgebra algebra = setup.linearAlgebra();
      Optional<String> earlier =
          EarlierRuns.remark(place.journal().earlier(() -> place.inputs().earlier(folder.path())));
      List<Section> sections = new ArrayList<>();
      for (SetUpProbe probe : setup.probes()) {
        Optional<String> obstacle = obstacle(setup, probe.name(), sections);
        if (obstacle.isPresent()) {
          sections.add(ProbeRun.skipped(probe, obstacle.get(), workplace));
          continue;
        }
        Context context =
            new Context(
                probe, setup, activations, algebra, workplace, earlier, place.inputs().manifest());
        sections.add(
            timing.timed(
                "probe " + probe.name(),
                () ->
                    apart.contains(probe.name())
                        ? ProbeRun.apart(probe, context, workplace)
                        : ProbeRun.section(probe, context, workplace)));
        if (sections.getLast().status() == Section.Status.OK) {
          MadeColumns.take(folder, probe.name(), setup.inputs());
        }
      }
      place.processors().addAll(executor.processors());
      return new RunReport(RunFacts.of(setup, hashes, version, place.processors()), sections);
    }
  }

  /**
   * Why a probe cannot be asked about what an earlier one was to make; empty where it can.
   *
   * @param before the sections of the probes before it
   */
  private static Optional<String> obstacle(RunSetup setup, String probe, List<Section> before) {
    Optional<String> maker = setup.experiment().probe(probe).maker();
    if (maker.isEmpty()) {
      return Optional.empty();
    }
    boolean made =
        before.stream()
            .anyMatch(
                section ->
                    section.name().equals(maker.get()) && section.status() == Section.Status.OK);
    if (!made) {
      return Optional.of(
          "its labels were to come from the probe '%s', which did not finish."
              .formatted(maker.get()));
    }
    try {
      setup.inputs().study(Role.MAIN_PASS, probe);
      setup.inputs().sets().forEach(set -> setup.inputs().study(new Role(Role.MAIN, set), probe));
      return Optional.empty();
    } catch (InvalidInputException e) {
      return Optional.of(
          "%s. The section '%s' says how these labels came about, and what would make them differ."
              .formatted(withoutPlace(String.valueOf(e.getMessage())), maker.get()));
    }
  }

  /** A resumed run reads its experiment from another file, and says the same. */
  private static String withoutPlace(String message) {
    return message.substring(Math.max(0, message.indexOf("probes.")));
  }

  private Assignment assignment(RunSetup setup, Place place) {
    RunInputs inputs = place.inputs();
    return new Assignment(
        version,
        inputs.experiment(),
        Optional.of(place.folder().path().toAbsolutePath()),
        inputs.hash(),
        inputs.manifest(),
        setup.inputs().modelHashes(),
        Assignment.jars(setup.usedPlugins(), hashes),
        "",
        folders.activations().toAbsolutePath(),
        folders.given());
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
      render(folder, new RunReport(report.run(), sections));
      return Verification.isChanged(folder, RunFolder.REPORT)
          ? Optional.of(folder.file(RunFolder.REPORT) + ": has changed since the run wrote it")
          : Optional.empty();
    }
  }

  private static void render(RunFolder folder, RunReport report) {
    folder.write("report.md", ReportMarkdown.render(report));
    folder.write("report.html", ReportHtml.render(report));
  }

  /** The files of a finished run that changed since it was written. */
  public List<String> changedFiles(Path run) {
    return Verification.changed(RunFolder.open(run));
  }
}
