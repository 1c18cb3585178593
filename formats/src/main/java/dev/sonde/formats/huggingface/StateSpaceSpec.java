package dev.sonde.formats.huggingface;

/**
 * A selective state space in the place of attention (Mamba-2; Dao and Gu 2024): every head keeps a
 * matrix, of which each token lets some fade, writes its input into a place of its choosing, and
 * reads from another.
 *
 * @param heads heads of inputs, and of the state
 * @param headWidth width of a head's input
 * @param groups heads that write and read at one place are a group
 * @param stateWidth places of a state
 * @param length tokens that the convolution in front of it sees, a token's own included
 * @param activation the non-linearity behind the convolution
 * @param leastStep bound of a token's step from below
 * @param mostStep bound from above
 * @param norm kind of the norm of what heads read, which was gated before
 */
public record StateSpaceSpec(
    int heads,
    int headWidth,
    int groups,
    int stateWidth,
    int length,
    Activation activation,
    double leastStep,
    double mostStep,
    NormSpec norm)
    implements MixerSpec {
  @Override
  public boolean isPrefixable() {
    return false;
  }

  /** Width of the inputs of all heads. */
  public int innerWidth() {
    return heads * headWidth;
  }

  /** Width of what all groups write at, or read from. */
  public int placesWidth() {
    return groups * stateWidth;
  }

  /** Width of what the convolution sees: inputs, places to write, places to read. */
  public int mixedWidth() {
    return innerWidth() + 2 * placesWidth();
  }

  /** Width of what the linear in front gives: gates, what the convolution sees, steps. */
  public int inputWidth() {
    return innerWidth() + mixedWidth() + heads;
  }
}
