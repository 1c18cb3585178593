import org.jspecify.annotations.NullMarked;

/**
 * The written form of requests to a model and of its answers: lines of JSON followed by binary
 * numbers, as {@code docs/wire.md} describes. A library; it knows no transport.
 */
@NullMarked
module dev.sonde.wire {
  requires static transitive org.jspecify;
  requires transitive dev.sonde.api;
  requires dev.sonde.formats;

  exports dev.sonde.wire;
}
