import org.jspecify.annotations.NullMarked;

/**
 * Activations from a file, as if a model had computed them: for probes developed without weights.
 */
@NullMarked
module dev.sonde.backend.replay {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.formats;
  requires dev.sonde.packing;

  provides dev.sonde.api.Plugin with
      dev.sonde.backend.replay.ReplayPlugin;
}
