package dev.sonde.engine.cli;

import dev.sonde.api.config.Setting;
import dev.sonde.engine.InstalledPlugins;
import dev.sonde.engine.Sonde;
import dev.sonde.formats.json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sonde describe}. */
@Command(
    name = "describe",
    description =
        "Show the settings of a probe, decoder, backend or anything else a plugin offers.",
    mixinStandardHelpOptions = true)
final class DescribeCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "A short name, or plugin/name. Default: everything.")
  private String name = "";

  @Mixin private JsonOutput json = new JsonOutput();
  @Mixin private PluginFolders plugins = new PluginFolders();

  DescribeCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    Terminal terminal = parent.terminal();
    Sonde sonde = parent.open(plugins.folders());
    List<InstalledPlugins.Description> offers =
        name.isEmpty() ? sonde.plugins().offers() : sonde.plugins().describe(name);
    if (json.asked()) {
      JsonOutput.print(
          JsonText.object("offers", offers.stream().map(DescribeCommand::plain).toList()),
          terminal);
      return ExitCode.FINE;
    }
    for (InstalledPlugins.Description found : offers) {
      terminal
          .out()
          .println(
              terminal.styled("@|bold " + found.name() + "|@")
                  + " (%s of plugin %s)".formatted(found.kind(), found.plugin()));
      terminal.paragraph(found.summary(), 0);
      found.settings().all().forEach(setting -> print(setting, terminal));
    }
    return ExitCode.FINE;
  }

  private static void print(Setting setting, Terminal terminal) {
    String value =
        setting.required()
            ? "required"
            : setting
                .defaultValue()
                .map(v -> "default " + String.valueOf(v).replace("\n", "\\n"))
                .orElse("optional");
    String choices =
        setting.choices().isEmpty() ? "" : ", one of " + String.join(", ", setting.choices());
    terminal
        .out()
        .println(
            "  %s: %s (%s%s)"
                .formatted(
                    setting.name(),
                    setting.type().name().toLowerCase(Locale.ROOT),
                    value,
                    choices));
    terminal.paragraph("      " + setting.doc(), 6);
  }

  private static Map<String, Object> plain(InstalledPlugins.Description offer) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", offer.name());
    map.put("kind", offer.kind());
    map.put("plugin", offer.plugin());
    map.put("summary", offer.summary());
    map.put("settings", offer.settings().all().stream().map(DescribeCommand::plain).toList());
    return map;
  }

  private static Map<String, Object> plain(Setting setting) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", setting.name());
    map.put("type", setting.type().name().toLowerCase(Locale.ROOT));
    map.put("required", setting.required());
    map.put("default", setting.defaultValue().orElse(null));
    map.put("choices", List.copyOf(setting.choices()));
    map.put("doc", setting.doc());
    return map;
  }
}
