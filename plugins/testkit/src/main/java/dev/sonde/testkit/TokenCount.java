package dev.sonde.testkit;

/** How many tokens were run through some models, of requests as they were asked. */
final class TokenCount {
  private long forward;
  private long backward;

  TokenCount() {}

  /** Tokens run forward: those of sequences, and those written. */
  long forward() {
    return forward;
  }

  /** Tokens run backward, once for each objective. */
  long backward() {
    return backward;
  }

  void ran(long tokens) {
    forward += tokens;
  }

  void differentiated(long tokens) {
    backward += tokens;
  }

  /** Whether nothing was run. */
  boolean isNothing() {
    return forward == 0 && backward == 0;
  }

  @Override
  public String toString() {
    return "%d tokens forward, %d backward".formatted(forward, backward);
  }
}
