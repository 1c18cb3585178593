package dev.sonde.engine.model;

import dev.sonde.engine.data.DataSource;
import dev.sonde.engine.experiment.Experiment.DataPart;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.formats.hub.HubListener;
import dev.sonde.formats.hub.HubReference;

/**
 * Downloads as progress of a run.
 *
 * @param progress is told
 */
public record Fetching(Progress progress) implements HubListener {
  private static final long MEBIBYTE = 1 << 20;

  /** Opens models, those of the hub fetched as progress. */
  public static Models models(PluginRegistry plugins, Folders folders, Progress progress) {
    return new Models(plugins, folders.resources(), hub(folders, progress));
  }

  /** Finds the rows of a data set, those of the hub fetched as progress. */
  public static DataSource data(DataPart part, Folders folders, Progress progress) {
    return part.path().startsWith(HubReference.PREFIX)
        ? hub(folders, progress).dataset(part.path())
        : DataSource.of(part.file());
  }

  private static HubModels hub(Folders folders, Progress progress) {
    return new HubModels(folders.environment(), new Fetching(progress));
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
