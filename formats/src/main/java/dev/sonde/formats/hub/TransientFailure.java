package dev.sonde.formats.hub;

import java.io.Serial;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The network or the hub failed in a way that may not happen again. */
final class TransientFailure extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** How long the hub asks to wait; nothing if it does not say. */
  private final @Nullable Duration retryAfter;

  private final boolean dripping;

  TransientFailure(String problem) {
    this(problem, Optional.empty());
  }

  TransientFailure(String problem, Optional<Duration> retryAfter) {
    super(problem);
    this.retryAfter = retryAfter.orElse(null);
    this.dripping = false;
  }

  private TransientFailure(String problem, boolean dripping) {
    super(problem);
    this.retryAfter = null;
    this.dripping = dripping;
  }

  /** A transfer that brings something all the time, and too little. */
  static TransientFailure drip(String problem) {
    return new TransientFailure(problem, true);
  }

  /** A failure below the level of answers; many such exceptions come without a message. */
  TransientFailure(Exception cause) {
    super(
        Objects.requireNonNullElseGet(cause.getMessage(), () -> cause.getClass().getSimpleName()),
        cause);
    this.retryAfter = null;
    this.dripping = false;
  }

  /** Whether what came since the last request is no sign that the next brings more. */
  boolean dripping() {
    return dripping;
  }

  /** How long the hub asks to wait before the next request. */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** What went wrong. */
  String problem() {
    return Objects.requireNonNullElse(getMessage(), "no answer");
  }
}
