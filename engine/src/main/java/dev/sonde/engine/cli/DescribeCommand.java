package dev.sonde.engine.cli;

import dev.sonde.api.config.Setting;
import dev.sonde.engine.InstalledPlugins;
import dev.sonde.engine.Sonde;
import java.util.Locale;
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

  @Mixin private PluginFolders plugins = new PluginFolders();

  DescribeCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    Terminal terminal = parent.terminal();
    Sonde sonde = parent.open(plugins.folders());
    for (InstalledPlugins.Description found :
        name.isEmpty() ? sonde.plugins().offers() : sonde.plugins().describe(name)) {
      terminal
          .out()
          .println(
              terminal.styled("@|bold " + found.name() + "|@")
                  + " (%s of plugin %s)".formatted(found.kind(), found.plugin()));
      terminal.out().println(found.summary());
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
    terminal.out().println("      " + setting.doc());
  }
}
