package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.time.Duration;
import java.util.Optional;

/**
 * How long to put up with a bad line.
 *
 * @param attempts requests in a row that may fail
 * @param firstPause before the second attempt; doubles with each further one
 * @param silence how long a transfer may bring nothing
 */
record Patience(int attempts, Duration firstPause, Duration silence) {
  /** The hub counts requests in windows of five minutes. */
  private static final Duration LONGEST = Duration.ofMinutes(6);

  /** Five attempts, as huggingface_hub makes, over fifteen seconds. */
  static final Patience USUAL = new Patience(5, Duration.ofSeconds(1), Duration.ofSeconds(60));

  /** One attempt: somebody waits, and there is another way. */
  Patience once() {
    return new Patience(1, firstPause, silence);
  }

  /**
   * Waits after so many failures in a row, at least as long as the hub asks.
   *
   * @throws HubException if the hub asks for longer than anybody waits
   */
  void pause(HubReference reference, int failures, Optional<Duration> asked) {
    Duration own = firstPause.multipliedBy(1L << (failures - 1));
    Duration pause = asked.filter(a -> a.compareTo(own) > 0).orElse(own);
    if (pause.compareTo(LONGEST) > 0) {
      throw new HubException(
          Reason.UNREACHABLE,
          reference,
          "the hub asks to be left alone for %d minutes; try again then, or give a token (HF_TOKEN), whose limits are higher"
              .formatted(pause.toMinutes()));
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      throw HubException.interrupted(reference, e);
    }
  }
}
