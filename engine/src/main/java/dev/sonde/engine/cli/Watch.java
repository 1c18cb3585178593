package dev.sonde.engine.cli;

import dev.sonde.api.SondeException;
import dev.sonde.engine.Sonde;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs an experiment again and again, whenever it or a plugin changed. */
final class Watch {
  private static final long LOOK_EVERY_MILLIS = 300;

  private Watch() {}

  /**
   * Runs until the process is ended.
   *
   * @param folder the run folder, which each run begins anew
   * @param overwrite whether it may hold an earlier run at first
   * @return an exit code
   * @throws SondeException if it does and may not, or holds anything else
   */
  static int over(
      Path experiment,
      Sonde opened,
      Path folder,
      boolean overwrite,
      List<String> overrides,
      PluginFolders plugins,
      JsonOutput json,
      Terminal terminal) {
    if (!overwrite) {
      Sonde.requireFree(folder);
    }
    Sonde sonde = opened;
    while (true) {
      String before = state(experiment, sonde);
      try {
        Sonde now = sonde;
        Output.finish(
            folder, plugins, json, () -> now.run(experiment, overrides, folder, true), terminal);
      } catch (SondeException e) {
        terminal.error(String.valueOf(e.getMessage()));
      }
      terminal.out().flush();
      terminal.progress("waiting for a change of %s or a plugin".formatted(experiment), 0, 0);
      while (state(experiment, sonde).equals(before)) {
        try {
          Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return ExitCode.INTERRUPTED;
        }
      }
      sonde = sonde.reopened();
    }
  }

  private static String state(Path experiment, Sonde sonde) {
    try {
      return Files.getLastModifiedTime(experiment)
          + " "
          + Files.size(experiment)
          + "\n"
          + sonde.pluginState();
    } catch (IOException e) {
      return "unreadable: " + e;
    }
  }
}
