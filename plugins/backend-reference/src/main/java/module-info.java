import org.jspecify.annotations.NullMarked;

/**
 * A forward pass in plain Java, to be read from {@code Decoder} down: {@code Block}, then {@code
 * Attention}, {@code DenseMlp} and {@code Experts}. It has no native code. Matrix products use the
 * vector module if the run adds it, and loops otherwise.
 */
@NullMarked
module dev.sonde.backend.reference {
  requires static jdk.incubator.vector;
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.formats;
  requires dev.sonde.packing;

  provides dev.sonde.api.Plugin with
      dev.sonde.backend.reference.ReferencePlugin;
}
