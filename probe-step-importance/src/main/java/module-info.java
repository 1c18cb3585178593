import org.jspecify.annotations.NullMarked;

/**
 * Step importance: which steps of a chain of thought carry the answer (Nikankin, Tutek, Ashuach,
 * Rosenfeld, Belinkov 2026). {@code chain} reads chains and splits them into steps. {@code answer}
 * tests subsequences by the answers they lead to. {@code attribution} measures how strongly steps
 * influence later ones. {@code search} finds the core. {@code cohort} takes a study through all of
 * this, some rows at a time; {@code plan} says beforehand what that takes. {@code predict} asks
 * whether importance can be read from activations, with the classifiers of {@code learn}. {@code
 * report} shows the findings. {@code rollouts} computes importances from chains that others wrote
 * anew; {@code score} scores any subsets.
 */
@NullMarked
module dev.sonde.probe.stepimportance {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.answers;
  requires dev.sonde.statistics;
  requires dev.sonde.trials;
  requires com.ibm.icu;

  provides dev.sonde.api.Plugin with
      dev.sonde.probe.stepimportance.StepImportancePlugin;
}
