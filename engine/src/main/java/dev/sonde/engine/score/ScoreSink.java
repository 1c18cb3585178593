package dev.sonde.engine.score;

import java.io.IOException;

/** Where scores go, text by text, in the order of the data. */
interface ScoreSink {
  /**
   * Takes what one probe says of one text.
   *
   * @param text as the model was fed it
   */
  void accept(TextScore score, String text) throws IOException;

  /** Takes the end. */
  default void end() throws IOException {}
}
