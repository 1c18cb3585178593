package dev.sonde.engine.run;

import dev.sonde.api.SondeException;
import dev.sonde.engine.report.Section;
import dev.sonde.engine.report.SectionWriter;
import dev.sonde.engine.shard.ShardTask;
import dev.sonde.engine.worker.HandedOutException;
import java.util.List;

/** One probe, run to the end; whatever it throws is its own section's failure. */
final class ProbeRun {
  private static final System.Logger LOG = System.getLogger(ProbeRun.class.getName());

  private ProbeRun() {}

  /**
   * The section of a probe, read back where the run has finished it already.
   *
   * @param apart whether a worker runs it
   */
  static Section section(SetUpProbe probe, boolean apart, Context context, Workplace workplace) {
    return workplace
        .journal()
        .finished(probe.name())
        .orElseGet(
            () -> apart ? apart(probe, context, workplace) : here(probe, context, workplace));
  }

  private static Section here(SetUpProbe probe, Context context, Workplace workplace) {
    SectionWriter writer = context.section();
    String plugin = probe.plugin().id();
    context.begin();
    try {
      workplace.progress().at(probe.name(), 0, 0);
      probe.plugin().run(() -> probe.probe().run(context));
      if (context.decoderFailed()) {
        return failed(probe, writer, workplace);
      }
      writer.files(context.written());
      Section section = writer.finish(probe.name(), plugin, Section.Status.OK);
      workplace.journal().finish(probe.name(), section, context.written());
      return section;
    } catch (HandedOutException e) {
      throw e;
    } catch (Throwable e) { // a probe may throw anything
      return failed(probe, writer, workplace, e);
    } finally {
      context.ended();
    }
  }

  /**
   * The section of a probe that a worker runs: it may do what it likes to its process. The worker
   * leaves the section and the files, and notes them in the journal.
   */
  private static Section apart(SetUpProbe probe, Context context, Workplace workplace) {
    context.begin();
    workplace.progress().at(probe.name(), 0, 0);
    try {
      workplace
          .executor()
          .execute(
              List.of(new ShardTask.WholeProbe(probe.name())),
              task -> {
                throw new IllegalStateException("a probe that is kept apart is not run here");
              },
              task -> {});
      return workplace
          .journal()
          .finished(probe.name())
          .or(() -> Journal.section(workplace.folder(), probe.name()))
          .orElseThrow(() -> new IllegalStateException("the worker left no section"));
    } catch (RuntimeException e) {
      return failed(probe, context.section(), workplace, e);
    }
  }

  /**
   * The section of a probe that cannot be asked its question.
   *
   * @param why in a sentence
   */
  static Section skipped(SetUpProbe probe, String why, Workplace workplace) {
    SectionWriter writer = new SectionWriter();
    workplace.progress().warning("probe '%s' was left out: %s".formatted(probe.name(), why));
    writer.note("The probe was left out: " + why);
    Section section = writer.finish(probe.name(), probe.plugin().id(), Section.Status.SKIPPED);
    workplace.journal().keep(section);
    return section;
  }

  private static Section failed(
      SetUpProbe probe, SectionWriter writer, Workplace workplace, Throwable e) {
    LOG.log(System.Logger.Level.ERROR, "probe " + probe.name() + " failed", e);
    String what = e instanceof SondeException ? String.valueOf(e.getMessage()) : e.toString();
    workplace.progress().warning("probe '%s' failed: %s".formatted(probe.name(), what));
    writer.note("The probe failed: " + what + ". The trace is in the run's log.");
    return failed(probe, writer, workplace);
  }

  private static Section failed(SetUpProbe probe, SectionWriter writer, Workplace workplace) {
    Section section = writer.finish(probe.name(), probe.plugin().id(), Section.Status.FAILED);
    workplace.journal().keep(section);
    return section;
  }
}
