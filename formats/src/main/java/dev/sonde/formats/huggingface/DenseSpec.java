package dev.sonde.formats.huggingface;

/**
 * One MLP for all tokens.
 *
 * @param activation the non-linearity
 * @param width its inner width
 * @param cut how many standard deviations above a token's mean its gates begin, those below being 0
 *     (Gemma 3n); negative infinity where they are taken as they are
 */
public record DenseSpec(Activation activation, int width, double cut) implements MlpSpec {
  /** One that takes its gates as they are. */
  public DenseSpec(Activation activation, int width) {
    this(activation, width, Double.NEGATIVE_INFINITY);
  }

  /** Whether gates are cut. */
  public boolean isCut() {
    return Double.isFinite(cut);
  }
}
