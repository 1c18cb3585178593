package dev.sonde.engine.cli;

import dev.sonde.api.InvalidInputException;
import dev.sonde.formats.json.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sonde verify}. */
@Command(
    name = "verify",
    description = "Check that the files of a finished run are what it wrote.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Parameters(paramLabel = "RUN", description = "The run folder.")
  private @Nullable Path run;

  @Mixin private JsonOutput json = new JsonOutput();

  VerifyCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    List<String> changed = parent.open(List.of()).verify(Commands.required(run));
    if (json.asked()) {
      JsonOutput.print(
          JsonText.object("run", String.valueOf(run), "changed", changed), parent.terminal());
      return changed.isEmpty() ? ExitCode.FINE : ExitCode.INPUT;
    }
    if (!changed.isEmpty()) {
      throw new InvalidInputException(run + ": " + String.join("; ", changed));
    }
    parent.terminal().out().println(run + ": all files are as they were written");
    return ExitCode.FINE;
  }
}
