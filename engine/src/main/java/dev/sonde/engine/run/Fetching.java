package dev.sonde.engine.run;

import dev.sonde.formats.hub.HubListener;

/**
 * Downloads as progress of a run.
 *
 * @param progress is told
 */
record Fetching(Progress progress) implements HubListener {
  private static final long MEBIBYTE = 1 << 20;

  @Override
  public void progress(String file, long done, long total) {
    progress.at("fetching %s (MiB)".formatted(file), done / MEBIBYTE, total / MEBIBYTE);
  }

  @Override
  public void warning(String message) {
    progress.warning(message);
  }
}
