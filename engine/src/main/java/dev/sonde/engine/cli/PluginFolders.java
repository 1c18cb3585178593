package dev.sonde.engine.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code --plugin-dir}. */
final class PluginFolders {
  @Option(
      names = "--plugin-dir",
      paramLabel = "DIR",
      description = "Also load the plugins in DIR, one folder each. May be repeated.")
  private List<Path> folders = new ArrayList<>();

  PluginFolders() {}

  List<Path> folders() {
    return folders;
  }
}
