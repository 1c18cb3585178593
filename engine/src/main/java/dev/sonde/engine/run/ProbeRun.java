package dev.sonde.engine.run;

import dev.sonde.api.SondeException;
import dev.sonde.engine.report.Section;
import dev.sonde.engine.report.SectionWriter;
import dev.sonde.engine.worker.HandedOutException;
import java.util.Optional;

/** One probe, run to the end; whatever it throws is its own section's failure. */
final class ProbeRun {
  private static final System.Logger LOG = System.getLogger(ProbeRun.class.getName());

  private ProbeRun() {}

  /** The section of a probe, read back where the run has finished it already. */
  static Section section(SetUpProbe probe, Context context, Workplace workplace) {
    Optional<Section> finished = workplace.journal().finished(probe.name());
    if (finished.isPresent()) {
      return finished.get();
    }
    SectionWriter writer = context.section();
    String plugin = probe.plugin().id();
    context.begin();
    try {
      workplace.progress().at(probe.name(), 0, 0);
      probe.plugin().run(() -> probe.probe().run(context));
      if (context.decoderFailed()) {
        return failed(probe, writer, workplace);
      }
      Section section = writer.finish(probe.name(), plugin, Section.Status.OK);
      workplace.journal().finish(probe.name(), section, context.written());
      return section;
    } catch (HandedOutException e) {
      throw e;
    } catch (Throwable e) { // a probe may throw anything
      LOG.log(System.Logger.Level.ERROR, "probe " + probe.name() + " failed", e);
      String what = e instanceof SondeException ? String.valueOf(e.getMessage()) : e.toString();
      workplace.progress().warning("probe '%s' failed: %s".formatted(probe.name(), what));
      writer.note("The probe failed: " + what + ". The trace is in the run's log.");
      return failed(probe, writer, workplace);
    }
  }

  private static Section failed(SetUpProbe probe, SectionWriter writer, Workplace workplace) {
    Section section = writer.finish(probe.name(), probe.plugin().id(), Section.Status.FAILED);
    workplace.journal().keep(section);
    return section;
  }
}
