package dev.sonde.backend.pytorch;

/**
 * The keys and values of a prompt that several generations go on from; the last of them frees it.
 */
final class CommonPrompt implements AutoCloseable {
  private final KeyValues whole;
  private final KeyValues keyValues;
  private int users;

  /**
   * A prompt.
   *
   * @param whole belongs to it from then on
   * @param tokens of the prompt, the first of it
   * @param users how many will close it
   */
  CommonPrompt(KeyValues whole, int tokens, int users) {
    this.whole = whole;
    this.keyValues = whole.first(tokens);
    this.users = users;
  }

  /** Those of the prompt's tokens alone. */
  KeyValues keyValues() {
    return keyValues;
  }

  /** One of its users has ended. */
  @Override
  public void close() {
    users--;
    if (users == 0) {
      whole.close();
    }
  }
}
