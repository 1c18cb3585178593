import org.jspecify.annotations.NullMarked;

/**
 * What in attention is position, and what is meaning: how well attention logits are approximated by
 * the sum of a part that depends on distance and a part that depends on content. After Han and Ji
 * 2025 (arXiv 2503.13305). The paper's text and code were not available, so estimators and
 * mechanism are reconstructions, derived and checked numerically, and are called so.
 *
 * <p>The data flows through {@code read}, which cuts texts and reads queries and keys; {@code
 * estimate}, which fits every head and surveys a model; {@code perturb}, which changes what the
 * running model sees; and {@code report}, which draws the conclusions.
 */
@NullMarked
module dev.sonde.probe.position {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.statistics;

  provides dev.sonde.api.Plugin with
      dev.sonde.probe.position.PositionPlugin;
}
