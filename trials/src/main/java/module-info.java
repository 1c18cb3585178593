import org.jspecify.annotations.NullMarked;

/**
 * How a model is tried: what it writes behind a prompt, which of some options it takes, and what a
 * change of its activations costs neutral text. A library; each user carries its own copy.
 */
@NullMarked
module dev.sonde.trials {
  requires static org.jspecify;
  requires transitive dev.sonde.api;
  requires transitive dev.sonde.statistics;

  exports dev.sonde.trials;
}
