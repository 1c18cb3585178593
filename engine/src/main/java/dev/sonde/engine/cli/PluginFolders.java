package dev.sonde.engine.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
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

  /** As another command would be given them; empty where there are none. */
  String asOptions() {
    return folders.stream().map(folder -> " --plugin-dir " + folder).collect(Collectors.joining());
  }
}
