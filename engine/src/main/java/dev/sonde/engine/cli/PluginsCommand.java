package dev.sonde.engine.cli;

import dev.sonde.engine.InstalledPlugins;
import dev.sonde.engine.Sonde;
import dev.sonde.formats.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sonde plugins}. */
@Command(
    name = "plugins",
    description = "List the plugins, what they offer, and those that failed to load.",
    mixinStandardHelpOptions = true)
final class PluginsCommand implements Callable<Integer> {
  /** Enough to compare by eye; the whole hash is in the JSON. */
  private static final int SHOWN_OF_HASH = 12;

  @ParentCommand private @Nullable RootCommand root;

  @Mixin private JsonOutput json = new JsonOutput();

  @Mixin private PluginFolders plugins = new PluginFolders();

  PluginsCommand() {}

  @Option(
      names = "--accept",
      paramLabel = "ID",
      description = "Accept the jars of a plugin as they are now. May be repeated.")
  private List<String> accepted = new ArrayList<>();

  @Option(
      names = "--allow-native",
      paramLabel = "ID",
      description = "Let a plugin load native libraries. May be repeated.")
  private List<String> allowed = new ArrayList<>();

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    Terminal terminal = parent.terminal();
    if (!accepted.isEmpty() || !allowed.isEmpty()) {
      try (Sonde before = parent.open(plugins.folders())) {
        accepted.forEach(before.plugins()::accept);
        allowed.forEach(before.plugins()::allowNatives);
      }
    }
    List<InstalledPlugins.PluginStatus> all = parent.open(plugins.folders()).plugins().list();
    if (json.asked()) {
      JsonOutput.print(
          JsonText.object("plugins", all.stream().map(PluginsCommand::plain).toList()), terminal);
      return ExitCode.FINE;
    }
    int width = all.stream().mapToInt(p -> p.id().length()).max().orElse(1);
    for (InstalledPlugins.PluginStatus plugin : all) {
      String id =
          terminal.styled("@|bold " + plugin.id() + "|@")
              + " ".repeat(width - plugin.id().length());
      terminal.out().println(id + "  " + line(plugin));
    }
    return ExitCode.FINE;
  }

  private static String line(InstalledPlugins.PluginStatus plugin) {
    if (!plugin.status().equals("loaded")) {
      return plugin.status() + ": " + plugin.problem();
    }
    String natives = plugin.nativeGroup().isEmpty() ? "" : " natives " + plugin.nativeGroup();
    return "%s %s %s%s  %s"
        .formatted(
            plugin.version(),
            plugin.origin(),
            plugin.sha256().substring(0, SHOWN_OF_HASH),
            natives,
            String.join(", ", plugin.offers()));
  }

  private static Map<String, Object> plain(InstalledPlugins.PluginStatus plugin) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", plugin.id());
    map.put("status", plugin.status());
    map.put("version", plugin.version());
    map.put("origin", plugin.origin());
    map.put("nativeGroup", plugin.nativeGroup());
    map.put("sha256", plugin.sha256());
    map.put("offers", plugin.offers());
    map.put("problem", plugin.problem());
    map.put("folder", plugin.folder().toString());
    return map;
  }
}
