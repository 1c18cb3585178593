package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import dev.sonde.engine.report.ReportJson;
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
  @ParentCommand private @Nullable RootCommand root;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Mixin private PluginFolders plugins = new PluginFolders();

  PluginsCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    List<Sonde.PluginStatus> all = parent.open(plugins.folders()).plugins();
    Terminal terminal = parent.terminal();
    if (json) {
      terminal
          .out()
          .print(
              ReportJson.write(
                  Map.of("plugins", all.stream().map(PluginsCommand::plain).toList())));
      return ExitCode.FINE;
    }
    int width = all.stream().mapToInt(p -> p.id().length()).max().orElse(1);
    for (Sonde.PluginStatus plugin : all) {
      String id =
          terminal.styled("@|bold " + plugin.id() + "|@")
              + " ".repeat(width - plugin.id().length());
      terminal
          .out()
          .println(
              plugin.status().equals("loaded")
                  ? "%s  %s %s  %s"
                      .formatted(
                          id, plugin.version(), plugin.origin(), String.join(", ", plugin.offers()))
                  : "%s  %s: %s".formatted(id, plugin.status(), plugin.problem()));
    }
    return ExitCode.FINE;
  }

  private static Map<String, Object> plain(Sonde.PluginStatus plugin) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", plugin.id());
    map.put("status", plugin.status());
    map.put("version", plugin.version());
    map.put("origin", plugin.origin());
    map.put("nativeGroup", plugin.nativeGroup());
    map.put("offers", plugin.offers());
    map.put("problem", plugin.problem());
    map.put("folder", plugin.folder().toString());
    return map;
  }
}
