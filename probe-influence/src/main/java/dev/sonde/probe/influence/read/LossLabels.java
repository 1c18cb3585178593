package dev.sonde.probe.influence.read;

import dev.sonde.api.model.Objective;
import java.util.OptionalLong;

/**
 * What a text's tokens are taken to be when its loss is differentiated: its own, or drawn by the
 * model.
 *
 * @param seed of the draw, which depends on it and the text only; empty for the text's own tokens
 */
public record LossLabels(OptionalLong seed) {
  /** The text's own tokens. */
  public static final LossLabels DATA = new LossLabels(OptionalLong.empty());

  /** Drawn by the model. */
  public static LossLabels sampled(long seed) {
    return new LossLabels(OptionalLong.of(seed));
  }

  Objective loss(TokenizedText text) {
    return seed.isPresent() ? text.sampledLoss(seed.getAsLong()) : text.loss();
  }
}
