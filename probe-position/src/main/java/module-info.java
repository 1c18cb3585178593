import org.jspecify.annotations.NullMarked;

/**
 * What in attention is position, what is meaning: how well attention logits are a sum of a part
 * that knows the distance and a part that knows the contents. After Han and Ji 2025 (arXiv
 * 2503.13305); the paper's text and code were not at hand, so estimators and mechanism are
 * reconstructions, derived and checked numerically, and are called so.
 *
 * <p>The road of the data: {@code read} cuts texts and reads queries and keys, {@code estimate}
 * fits every head and surveys a model, {@code perturb} changes what the running model sees, {@code
 * report} says what it amounts to.
 */
@NullMarked
module dev.sonde.probe.position {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.statistics;

  provides dev.sonde.api.Plugin with
      dev.sonde.probe.position.PositionPlugin;
}
