import org.jspecify.annotations.NullMarked;

/**
 * Linear directions: the difference of class means at every layer, how rows project onto it, and
 * the direction itself as a file. After Hong et al. 2025 (arXiv 2503.23084). And {@code answers}:
 * labels from what the model itself answers.
 */
@NullMarked
module dev.sonde.probe.linear {
  requires static org.jspecify;
  requires dev.sonde.answers;
  requires dev.sonde.api;
  requires dev.sonde.statistics;
  requires dev.sonde.trials;

  provides dev.sonde.api.Plugin with
      dev.sonde.probe.linear.LinearPlugin;
}
