package dev.sonde.formats.hub;

import java.time.Duration;

/**
 * How long to put up with a bad line.
 *
 * @param attempts requests in a row that may fail
 * @param firstPause before the second attempt; doubles with each further one
 * @param silence how long a transfer may bring nothing
 */
record Patience(int attempts, Duration firstPause, Duration silence) {
  /** Five attempts, as huggingface_hub makes, over fifteen seconds. */
  static final Patience USUAL = new Patience(5, Duration.ofSeconds(1), Duration.ofSeconds(60));

  /** One attempt: somebody waits, and there is another way. */
  Patience once() {
    return new Patience(1, firstPause, silence);
  }

  /** Waits after so many failures in a row. */
  void pause(HubReference reference, int failures) {
    try {
      Thread.sleep(firstPause.multipliedBy(1L << (failures - 1)));
    } catch (InterruptedException e) {
      throw HubException.interrupted(reference, e);
    }
  }
}
