package dev.sonde.engine.run;

import dev.sonde.engine.host.Progress;
import java.util.List;

/**
 * Progress of which a test keeps the warnings.
 *
 * @param texts to which they are added
 */
record Warnings(List<String> texts) implements Progress {
  @Override
  public void at(String what, long done, long total) {}

  @Override
  public void warning(String text) {
    texts.add(text);
  }
}
