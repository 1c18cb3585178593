package dev.sonde.engine.run;

import dev.sonde.api.SondeException;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.plan.Plan;
import dev.sonde.engine.plugin.PluginLoader;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.report.ReportHtml;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.report.ReportMarkdown;
import dev.sonde.engine.report.RunReport;
import dev.sonde.engine.report.Section;
import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.store.Capture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Runs experiments. */
public final class Runner {
  private static final System.Logger LOG = System.getLogger(Runner.class.getName());

  /** Digits of a hash that people are shown. */
  private static final int SHORT_HASH = 12;

  private final Folders folders;
  private final PluginRegistry plugins;
  private final Progress progress;
  private final String version;

  /** A runner. */
  public Runner(Folders folders, PluginRegistry plugins, Progress progress, String version) {
    this.folders = folders;
    this.plugins = plugins;
    this.progress = progress;
    this.version = version;
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
    try (Preparation preparation = prepare(experiment)) {
      requireRoom(preparation, out);
      Inputs inputs = Inputs.of(preparation);
      try (RunFolder folder = RunFolder.create(out, overwrite)) {
        Journal journal = Journal.begin(folder, inputs.hash());
        folder.write(RunFolder.EXPERIMENT, inputs.experiment());
        return execute(preparation, folder, inputs, () -> journal);
      }
    }
  }

  /**
   * What a run depends on.
   *
   * @param manifest its hashes
   * @param experiment with defaults and absolute paths
   */
  private record Inputs(Map<String, Object> manifest, String experiment) {
    static Inputs of(Preparation preparation) {
      return new Inputs(Manifest.inputs(preparation), preparation.resolved());
    }

    String hash() {
      return Manifest.hash(manifest, experiment);
    }
  }

  /** Goes on with a run that was interrupted; what it finished is kept. */
  public Result resume(Path run) {
    try (RunFolder folder = RunFolder.goOn(run)) {
      Experiment experiment = Experiment.read(folder.file(RunFolder.EXPERIMENT), List.of());
      try (Preparation preparation = prepare(experiment)) {
        requireRoom(preparation, run);
        Inputs inputs = Inputs.of(preparation);
        return execute(
            preparation,
            folder,
            inputs,
            () -> {
              Journal journal = Journal.goOn(folder, inputs.hash());
              folder.write(RunFolder.EXPERIMENT, inputs.experiment());
              return journal;
            });
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

  private void requireRoom(Preparation preparation, Path out) {
    Room.here(folders).require(demand(forecasts(preparation, out)));
  }

  /** A forecast for every plan; probes are counted with the first, the main one. */
  private List<Forecast> forecasts(Preparation preparation, Path out) {
    List<Forecast> forecasts = new ArrayList<>();
    List<Preparation.ReadyProbe> probes = preparation.probes();
    Forecast.Own all = Forecast.Own.of(probes);
    for (Plan plan : preparation.plans()) {
      Forecast.Own own =
          plan.equals(preparation.plan())
              ? all
              : controls(preparation, plan) ? all.beside() : Forecast.Own.NONE;
      forecasts.add(Forecast.of(plan, probes, own, folders.activations(), out));
      probes = List.of();
    }
    return forecasts;
  }

  private static boolean controls(Preparation preparation, Plan plan) {
    boolean asked = preparation.probes().stream().anyMatch(probe -> probe.needs().control());
    return asked && preparation.freshWeights().filter(p -> p.plan().equals(plan)).isPresent();
  }

  private static Room.Demand demand(List<Forecast> forecasts) {
    return forecasts.stream().map(Forecast::demand).reduce(Room.Demand::plus).orElseThrow();
  }

  private Preparation prepare(Experiment experiment) {
    progress.at("preparing", 0, 0);
    return Preparation.of(experiment, plugins, folders, progress);
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
    try (Preparation preparation = prepare(experiment)) {
      List<Forecast> forecasts = forecasts(preparation, out);
      Room room = Room.here(folders);
      int width = preparation.model().info().width();
      DoubleSupplier pace = () -> Pace.measured(preparation.linearAlgebra(), width);
      List<String> lines = new ArrayList<>();
      for (Forecast forecast : forecasts) {
        if (!lines.isEmpty()) {
          lines.add("");
        }
        lines.addAll(forecast.lines(room, pace));
      }
      return new Outlook(lines, room.obstacles(demand(forecasts)));
    }
  }

  private static Capture capture(Preparation preparation, ActivationStore store) {
    return new Capture(store, preparation.model(), preparation.plan().rows().ids());
  }

  private Result execute(
      Preparation preparation, RunFolder folder, Inputs inputs, Supplier<Journal> opened) {
    Map<String, Object> timing = new LinkedHashMap<>();
    Journal journal;
    RunReport report;
    try (RunLog log = RunLog.open(folder);
        ActivationStore store = ActivationStore.open(folders.activations())) {
      for (String note : preparation.model().info().notes()) {
        log.info(note);
        progress.warning(note);
      }
      journal = opened.get();
      Capture capture = capture(preparation, store);
      Capture.Missing captured =
          timed(
              timing,
              "capture",
              () ->
                  capture.ensure(
                      preparation.reads(), (done, total) -> progress.at("capturing", done, total)));
      timing.put("rows_captured", captured.rows());
      timing.put("tokens_captured", captured.tokens());
      List<PassCapture> controls = captureControls(preparation, store, timing);
      LinearAlgebra algebra = preparation.linearAlgebra();
      List<Section> sections = new ArrayList<>();
      for (Preparation.ReadyProbe probe : preparation.probes()) {
        Context context =
            new Context(
                probe.name(),
                preparation.experiment(),
                preparation.model(),
                preparation.study(),
                preparation.plan().rows(),
                capture,
                controls,
                preparation.decoders(),
                algebra,
                new Artifacts(folder, probe.name(), new VectorFiles(plugins)),
                progress,
                journal,
                timing);
        sections.add(
            timed(timing, "probe " + probe.name(), () -> section(journal, probe, context)));
      }
      report = new RunReport(facts(preparation), sections);
      folder.write(RunFolder.REPORT, ReportJson.write(report));
      render(folder, report);
      Manifest.write(folder, inputs.manifest(), journal.hashes());
      folder.write(RunFolder.TIMING, ReportJson.write(timing));
      log.info("finished");
    }
    journal.seal(); // with the log closed, as it is sealed as well
    return new Result(folder.path(), report);
  }

  /** Captures the model with fresh weights, the further data sets and the further models. */
  private List<PassCapture> captureControls(
      Preparation preparation, ActivationStore store, Map<String, Object> timing) {
    List<PassCapture> controls = new ArrayList<>();
    preparation
        .freshWeights()
        .ifPresent(
            pass ->
                controls.add(
                    PassCapture.of(
                        pass, store, PassCapture.Kind.FRESH_WEIGHTS, pass.study().name())));
    preparation
        .sets()
        .forEach(
            pass ->
                controls.add(
                    PassCapture.of(pass, store, PassCapture.Kind.SET, pass.study().name())));
    preparation
        .models()
        .forEach(
            (name, pass) ->
                controls.add(PassCapture.of(pass, store, PassCapture.Kind.MODEL, name)));
    timed(
        timing,
        "capture of controls",
        () -> {
          controls.forEach(
              control -> control.ensure((done, all) -> progress.at("capturing", done, all)));
          return true;
        });
    return controls;
  }

  private static <T> T timed(Map<String, Object> timing, String what, Supplier<T> work) {
    Instant began = Instant.now();
    T result = work.get();
    timing.put(what + " seconds", Duration.between(began, Instant.now()).toMillis() / 1000.0);
    return result;
  }

  private Section section(Journal journal, Preparation.ReadyProbe probe, Context context) {
    Optional<Section> finished = journal.finished(probe.name());
    if (finished.isPresent()) {
      return finished.get();
    }
    context.forget();
    String plugin = probe.plugin().id();
    context.remark();
    try {
      progress.at(probe.name(), 0, 0);
      probe.plugin().run(() -> probe.probe().run(context));
      if (context.decoderFailed()) {
        return context.section().finish(probe.name(), plugin, Section.Status.FAILED);
      }
      Section section = context.section().finish(probe.name(), plugin, Section.Status.OK);
      journal.finish(probe.name(), section, context.written());
      return section;
    } catch (Throwable e) { // whatever a probe throws is its own section's failure
      LOG.log(System.Logger.Level.ERROR, "probe " + probe.name() + " failed", e);
      String what = e instanceof SondeException ? String.valueOf(e.getMessage()) : e.toString();
      progress.warning("probe '%s' failed: %s".formatted(probe.name(), what));
      context.section().note("The probe failed: " + what + ". The trace is in the run's log.");
      return context.section().finish(probe.name(), plugin, Section.Status.FAILED);
    }
  }

  private Map<String, Object> facts(Preparation preparation) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", preparation.experiment().name());
    facts.put("seed", preparation.experiment().seed());
    facts.put("model", preparation.model().reference().name());
    facts.put("modelSha256", preparation.model().info().contentHash());
    facts.put("backend", preparation.model().backendName());
    facts.put("dtype", preparation.model().info().dtype());
    facts.put("data", String.valueOf(preparation.study().file().getFileName()));
    facts.put("dataSha256", preparation.hashes().of(preparation.study().file()));
    facts.put("rows", preparation.study().size());
    facts.put("sonde", version);
    String others =
        preparation.usedPlugins().stream()
            .filter(plugin -> !plugin.origin().equals(PluginLoader.BUNDLED))
            .map(
                plugin ->
                    "%s %s (sha-256 %s)"
                        .formatted(
                            plugin.id(),
                            plugin.version(),
                            preparation.hashes().of(plugin.jars()).substring(0, SHORT_HASH)))
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      facts.put("plugins", others);
    }
    return facts;
  }

  /**
   * Renders the report of a finished run again.
   *
   * @return a remark where what it is rendered from is not what the run wrote
   */
  public static Optional<String> render(Path run) {
    try (RunFolder folder = RunFolder.goOn(run)) {
      render(folder, ReportJson.readReport(folder.file(RunFolder.REPORT)));
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
