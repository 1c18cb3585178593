package dev.sonde.engine.cli;

import dev.sonde.engine.InstalledPlugins;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sonde new-plugin}. */
@Command(
    name = "new-plugin",
    description = "Write a Maven project for a new plugin, with tests and an experiment.",
    mixinStandardHelpOptions = true)
final class NewPluginCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Parameters(
      paramLabel = "NAME",
      description = "The plugin's id: lower-case words joined by hyphens.")
  private String name = "";

  @Option(
      names = "--kind",
      required = true,
      paramLabel = "KIND",
      description = "What the plugin offers: decoder, probe, backend or dataset.")
  private String kind = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder of the project. Default: NAME in the current folder.")
  private @Nullable Path out;

  NewPluginCommand() {}

  @Override
  public Integer call() {
    Path folder = Optional.ofNullable(out).orElseGet(() -> Path.of(name));
    Commands.required(root).open(List.of()).plugins().requireFree(kind, name);
    InstalledPlugins.newProject(RootCommand.home(), name, kind, folder);
    Terminal terminal = Commands.required(root).terminal();
    terminal.out().println("Now:");
    terminal.out().println("  cd " + folder);
    terminal.out().println("  mvn verify");
    terminal.out().println("  sonde plugins --plugin-dir target/plugins");
    terminal.out().println("  sonde run experiment.yaml --plugin-dir target/plugins");
    terminal.out().println(folder);
    return ExitCode.FINE;
  }
}
