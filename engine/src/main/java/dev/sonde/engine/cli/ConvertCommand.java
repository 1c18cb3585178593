package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sonde convert}. */
@Command(
    name = "convert",
    description = "Write a GGUF file as a Hugging Face folder.",
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Parameters(paramLabel = "FILE.gguf", description = "The file to read.")
  private @Nullable Path file;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write; it must not exist.")
  private @Nullable Path out;

  ConvertCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = Commands.required(root).terminal();
    Path folder = Commands.required(out);
    Sonde.convert(Commands.required(file), folder, terminal);
    terminal.clearLine();
    terminal.out().println(folder);
    return ExitCode.FINE;
  }
}
