import org.jspecify.annotations.NullMarked;

/**
 * Step importance: which steps of a chain of thought carry the answer (Nikankin, Tutek, Ashuach,
 * Rosenfeld, Belinkov 2026). {@code chain} reads and cuts chains; {@code answer} tests subsequences
 * by the answers that they lead to; {@code attribution} says how strongly steps bear on later ones;
 * {@code search} finds the core; {@code cohort} takes a study through all that, some rows at a
 * time, and {@code plan} says beforehand what that takes; {@code predict} asks whether activations tell importance, with the classifiers of {@code
 * learn}; {@code report} shows what was found.
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
