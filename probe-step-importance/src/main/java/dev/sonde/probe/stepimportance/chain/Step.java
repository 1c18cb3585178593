package dev.sonde.probe.stepimportance.chain;

/**
 * A step of a chain.
 *
 * @param text as it stands, with the white space around it
 * @param fromToken its first token in the chain's sequence (the prompt's tokens come first)
 * @param toToken the token after its last
 */
public record Step(String text, int fromToken, int toToken) {
  /** Number of tokens. */
  public int length() {
    return toToken - fromToken;
  }
}
