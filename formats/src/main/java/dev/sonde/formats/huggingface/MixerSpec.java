package dev.sonde.formats.huggingface;

/** What lets the tokens of a block see others. */
public sealed interface MixerSpec
    permits AttentionSpec, ConvolutionSpec, DeltaNetSpec, StateSpaceSpec {
  /**
   * Whether what it keeps of some tokens can be cut anywhere: keys and values can, a state that
   * every token changes cannot.
   */
  boolean isPrefixable();
}
