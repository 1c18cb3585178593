package dev.sonde.formats.hub;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Something of the hub could not be had. The message begins with the place and ends with a remedy.
 */
public final class HubException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why it could not be had. */
  public enum Reason {
    /** A reference or a setting is not well formed. */
    INPUT,
    /** The hub wants a token, or the acceptance of terms. */
    ACCESS,
    /** There is no such repository, revision or file, or it is not of a kind that can be read. */
    MISSING,
    /** The hub did not answer, or not as a hub does. */
    UNREACHABLE,
    /** Not in the cache, and requests are switched off. */
    OFFLINE,
    /** What arrived is not what the hub announced. */
    DAMAGED,
    /** The cache cannot be read or written, or the disk is full. */
    DISK,
    /** The thread was interrupted; the next call goes on where this one stopped. */
    INTERRUPTED
  }

  HubException(Reason reason, Object place, String problem) {
    this(reason, place, problem, null);
  }

  HubException(Reason reason, Object place, String problem, @Nullable Throwable cause) {
    super(place + ": " + problem, cause);
    this.reason = reason;
  }

  /** Keeps the interruption for the caller and turns it into an exception. */
  static HubException interrupted(Object place, Exception cause) {
    Thread.currentThread().interrupt();
    return new HubException(
        Reason.INTERRUPTED, place, "interrupted; the next run goes on from there", cause);
  }

  /** Why it could not be had. */
  public Reason reason() {
    return reason;
  }
}
