package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sonde report}. */
@Command(
    name = "report",
    description = "Render the report of a finished run again from its report.json.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Parameters(paramLabel = "RUN", description = "The run folder.")
  private @Nullable Path run;

  ReportCommand() {}

  @Override
  public Integer call() {
    Path folder = Commands.required(run);
    Terminal terminal = Commands.required(root).terminal();
    Sonde.render(folder).ifPresent(terminal::warning);
    terminal.out().println(folder.resolve("report.html"));
    return ExitCode.FINE;
  }
}
