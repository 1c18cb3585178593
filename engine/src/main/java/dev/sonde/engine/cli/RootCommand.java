package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import java.nio.file.Path;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code sonde}: what its sub-commands share. */
@Command(
    name = "sonde",
    description = "Probes language models and reports what holds up against controls.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 success, 1 bug, 2 bad input, 3 plugin, 4 model, 130 interrupted.",
      "Start with: sonde demo"
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      CaptureCommand.class,
      ConvertCommand.class,
      ScoreCommand.class,
      GenerateCommand.class,
      SteerCommand.class,
      PluginsCommand.class,
      DescribeCommand.class,
      NewPluginCommand.class,
      DoctorCommand.class,
      ResumeCommand.class,
      VerifyCommand.class,
      ReportCommand.class,
      StoreCommand.class,
      WorkerCommand.class,
      HelpCommand.class,
      AutoComplete.GenerateCompletion.class
    })
final class RootCommand implements Runnable {
  private final Terminal terminal;

  @Spec private CommandSpec spec;

  RootCommand(Terminal terminal) {
    this.terminal = terminal;
    this.spec = CommandSpec.create();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? There is no default.");
  }

  Terminal terminal() {
    return terminal;
  }

  /** The installation, with plugins loaded. */
  Sonde open(List<Path> pluginFolders) {
    return Sonde.open(home(), System.getenv(), pluginFolders, terminal);
  }

  /** The distribution: SONDE_HOME, which the start script hands over as a property. */
  static Path home() {
    return Path.of(System.getProperty("sonde.home", ".")).toAbsolutePath().normalize();
  }
}
