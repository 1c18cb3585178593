package dev.sonde.formats.huggingface;

/**
 * A norm over the last dimension.
 *
 * @param centred whether the mean is taken away first (LayerNorm); else RMSNorm
 * @param epsilon added to the mean square
 * @param gainOffset added to the stored gain
 * @param gained whether there is a gain at all
 */
public record NormSpec(boolean centred, double epsilon, double gainOffset, boolean gained) {
  static NormSpec rms(double epsilon) {
    return new NormSpec(false, epsilon, 0, true);
  }

  static NormSpec layer(double epsilon) {
    return new NormSpec(true, epsilon, 0, true);
  }

  /** With a number added to the stored gain. */
  NormSpec plus(double offset) {
    return new NormSpec(centred, epsilon, offset, gained);
  }

  /** Without a gain. */
  NormSpec bare() {
    return new NormSpec(centred, epsilon, 0, false);
  }
}
