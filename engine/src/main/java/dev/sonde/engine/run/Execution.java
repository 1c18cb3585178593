package dev.sonde.engine.run;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Processor;
import dev.sonde.engine.host.Progress;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One run that is set up, carried out: from the capture to the last file in its folder.
 *
 * @param setup what is run
 * @param folder where it is written
 * @param inputs what it depends on
 * @param workforce has shards computed
 */
record Execution(
    RunSetup setup,
    RunFolder folder,
    RunInputs inputs,
    Folders folders,
    Workforce workforce,
    Progress progress,
    String version,
    ContentHash hashes) {

  /**
   * Carries it out.
   *
   * @param opened its journal, which is opened once the log is
   */
  Runner.Result carriedOut(Supplier<Journal> opened) {
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
      report = report(store, journal, timing, processors);
      folder.write(RunFolder.REPORT, ReportJson.write(report));
      render(folder, report);
      Manifest.write(folder, inputs.manifest(), journal.hashes(), processors);
      folder.write(RunFolder.TIMING, ReportJson.write(timing.entries()));
      log.info("finished");
    }
    journal.seal(); // with the log closed, as it is sealed as well
    return new Runner.Result(folder.path(), report);
  }

  /** Captures and runs the probes; those that compute shards are gone afterwards. */
  private RunReport report(
      ActivationStore store, Journal journal, Timing timing, Set<String> processors) {
    Set<String> apart = workforce.apart().isPresent() ? setup.foreignProbes() : Set.of();
    Workforce who = apart.isEmpty() ? workforce : workforce.apart().orElse(workforce);
    try (ShardExecutor executor = who.of(assignment(), progress)) {
      Workplace workplace = new Workplace(folder, journal, executor, timing, progress);
      Activations activations = new Activations(setup.passes(), store, executor, progress);
      activations.capture(timing);
      LinearAlgebra algebra = setup.linearAlgebra();
      Optional<String> earlier =
          EarlierRuns.remark(journal.earlier(() -> inputs.earlier(folder.path())));
      List<Section> sections = new ArrayList<>();
      for (SetUpProbe probe : setup.probes()) {
        Optional<String> obstacle = MadeColumns.obstacle(setup, probe.name(), sections);
        if (obstacle.isPresent()) {
          sections.add(ProbeRun.skipped(probe, obstacle.get(), workplace));
          continue;
        }
        Context context =
            new Context(probe, setup, activations, algebra, workplace, earlier, inputs.manifest());
        sections.add(
            timing.timed(
                "probe " + probe.name(),
                () -> ProbeRun.section(probe, apart.contains(probe.name()), context, workplace)));
        if (sections.getLast().status() == Section.Status.OK) {
          MadeColumns.take(folder, probe.name(), setup.inputs());
        }
      }
      processors.addAll(executor.processors());
      return new RunReport(RunFacts.of(setup, hashes, version, processors), sections);
    }
  }

  private Assignment assignment() {
    return new Assignment(
        version,
        inputs.experiment(),
        Optional.of(folder.path().toAbsolutePath()),
        inputs.hash(),
        inputs.manifest(),
        setup.inputs().modelHashes(),
        Assignment.jars(setup.usedPlugins(), hashes),
        "",
        folders.activations().toAbsolutePath(),
        folders.given());
  }

  /** Writes the report as people read it. */
  static void render(RunFolder folder, RunReport report) {
    folder.write("report.md", ReportMarkdown.render(report));
    folder.write("report.html", ReportHtml.render(report));
  }
}
