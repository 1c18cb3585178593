import org.jspecify.annotations.NullMarked;

/**
 * Training-data influence: which documents raise or lower the likelihood of a completion, by
 * gradients preconditioned with an eigenvalue-corrected Kronecker factorisation (EK-FAC). After
 * Grosse et al. 2023 (arXiv 2308.03296) and Ruis et al. 2025 (arXiv 2411.12580).
 *
 * <p>Its packages, in the order of the data, are {@code read}, {@code curvature}, {@code score},
 * {@code check} and {@code report}. Each knows only those before it.
 */
@NullMarked
module dev.sonde.probe.influence {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.formats;
  requires dev.sonde.statistics;
  requires java.logging;
  requires org.apache.lucene.core;

  provides dev.sonde.api.Plugin with
      dev.sonde.probe.influence.InfluencePlugin;
}
