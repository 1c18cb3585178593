package dev.sonde.engine.cli;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.SondeException;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.plugin.NearestNames;
import dev.sonde.engine.plugin.PluginRequiredException;
import dev.sonde.engine.run.RunLog;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.hub.HubException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.spi.ToolProvider;
import picocli.CommandLine;

/** The tool {@code sonde}, which the launcher finds in the engine's layer. */
public final class SondeTool implements ToolProvider {
  private static final System.Logger LOG = System.getLogger(SondeTool.class.getName());

  /** For the service loader. */
  public SondeTool() {}

  @Override
  public String name() {
    return "sonde";
  }

  @Override
  public int run(PrintWriter out, PrintWriter err, String... args) {
    Terminal terminal = Terminal.of(out, err);
    RunLog.silenceScreen();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          LOG.log(System.Logger.Level.ERROR, "thread " + thread.getName() + " ended", e);
          terminal.warning(
              "a thread of a plugin ended with %s; the trace is in the run's log".formatted(e));
        });
    try {
      return commandLine(terminal).execute(args);
    } catch (LinkageError | VirtualMachineError | ServiceConfigurationError e) {
      return bug(e, terminal);
    } finally {
      out.flush();
      err.flush();
    }
  }

  /** The command that was meant, where one of nearly that name is there. */
  private static String nearest(CommandLine.ParameterException e) {
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      List<String> near =
          NearestNames.near(
              unmatched.getUnmatched().getFirst(), e.getCommandLine().getSubcommands().keySet());
      return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }
    return "";
  }

  /** The commands; also the source of the help text that the launcher shows. */
  static CommandLine commandLine(Terminal terminal) {
    CommandLine commands = new CommandLine(new RootCommand(terminal));
    commands.setOut(terminal.out());
    commands.setErr(terminal.err());
    commands.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.ansi()));
    commands.setUsageHelpAutoWidth(terminal.interactive());
    commands.setParameterExceptionHandler(
        (e, args) -> {
          terminal.error(e.getMessage() + nearest(e));
          if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, terminal.err())) {
            terminal
                .err()
                .println(
                    "Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
          }
          return ExitCode.INPUT;
        });
    commands.setExecutionExceptionHandler((e, line, parsed) -> exitCode(e, terminal));
    return commands;
  }

  private static int exitCode(Exception e, Terminal terminal) {
    if (e instanceof SondeException || e instanceof FormatException || e instanceof HubException) {
      terminal.error(String.valueOf(e.getMessage()));
    }
    return switch (e) {
      case ModelUnavailableException model -> ExitCode.MODEL;
      case PluginRequiredException plugin -> ExitCode.PLUGIN;
      case InvalidInputException input -> ExitCode.INPUT;
      case FormatException format -> ExitCode.INPUT;
      case HubException interrupted -> ExitCode.INTERRUPTED;
      default -> bug(e, terminal);
    };
  }

  private static int bug(Throwable e, Terminal terminal) {
    terminal.error("this is a bug in Sonde: %s; the trace is in %s".formatted(e, trace(e)));
    return ExitCode.BUG;
  }

  /** Writes the trace where it can be found; the screen gets one line. */
  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    try {
      Path folder =
          Folders.of(RootCommand.home(), System.getenv(), List.of()).cache().resolve("errors");
      Files.createDirectories(folder);
      Path file = folder.resolve("error-" + Instant.now().toEpochMilli() + ".log");
      return Files.writeString(file, text.toString()).toString();
    } catch (IOException unwritable) {
      return "no file (" + unwritable.getMessage() + "): " + text;
    }
  }
}
