import org.jspecify.annotations.NullMarked;

/**
 * The written form of what is asked of a model and of what it answers: lines of JSON with binary
 * numbers behind them, as {@code docs/wire.md} describes it. A library; it knows no transport.
 */
@NullMarked
module dev.sonde.wire {
  requires static transitive org.jspecify;
  requires transitive dev.sonde.api;
  requires dev.sonde.formats;

  exports dev.sonde.wire;
}
