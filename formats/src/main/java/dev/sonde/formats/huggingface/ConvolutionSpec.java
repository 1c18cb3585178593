package dev.sonde.formats.huggingface;

/**
 * A gated short convolution in the place of attention (LFM2): {@code out(c · conv(b · x))}, where
 * b, c and x are thirds of one linear and the convolution runs over each channel's last tokens.
 *
 * @param length how many tokens a channel sees, its own included
 */
public record ConvolutionSpec(int length) implements MixerSpec {
  @Override
  public boolean isPrefixable() {
    return false;
  }
}
