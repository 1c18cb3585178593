package dev.sonde.formats.huggingface;

/**
 * An MLP for all tokens and experts beside it, which see the residual stream by a norm of their
 * own; what each gives is normed before the two are added (Gemma 4).
 *
 * @param dense for all tokens
 * @param experts beside it
 */
public record PairedSpec(DenseSpec dense, ExpertsSpec experts) implements MlpSpec {
  @Override
  public Activation activation() {
    return dense.activation();
  }

  @Override
  public int width() {
    return dense.width();
  }
}
