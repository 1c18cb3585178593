package dev.sonde.engine.model;

import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.formats.hub.HubListener;

/**
 * Downloads as progress of a run.
 *
 * @param progress is told
 */
public record Fetching(Progress progress) implements HubListener {
  private static final long MEBIBYTE = 1 << 20;

  /** Opens models, those of the hub fetched as progress. */
  public static Models models(PluginRegistry plugins, Folders folders, Progress progress) {
    HubModels hub = new HubModels(folders.environment(), new Fetching(progress));
    return new Models(plugins, folders.resources(), hub);
  }

  @Override
  public void progress(String file, long done, long total) {
    progress.at("fetching %s (MiB)".formatted(file), done / MEBIBYTE, total / MEBIBYTE);
  }

  @Override
  public void warning(String message) {
    progress.warning(message);
  }
}
