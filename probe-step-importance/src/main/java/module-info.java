import org.jspecify.annotations.NullMarked;

/**
 * Step importance: which steps of a chain of thought carry the answer (Nikankin, Tutek, Ashuach,
 * Rosenfeld, Belinkov 2026). {@code chain} reads and cuts chains, {@code search} tests subsequences
 * and finds the core, {@code learn} reads importance off activations; the package above joins them.
 */
@NullMarked
module dev.sonde.probe.stepimportance {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.answers;
  requires dev.sonde.statistics;

  provides dev.sonde.api.Plugin with
      dev.sonde.probe.stepimportance.StepImportancePlugin;
}
