import org.jspecify.annotations.NullMarked;

/**
 * Serves activations from a file as if a model had computed them, to develop probes without
 * weights.
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
