package dev.sonde.engine.cli;

import dev.sonde.engine.ModelTools;
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
    description = {
      "Write a GGUF file as a Hugging Face folder.",
      "The folder holds config.json, tokenizer.json with the chat template, and safetensors, for"
          + " tools that do not read GGUF; Sonde itself reads the file as it is. Quantised weights"
          + " become float32 and take several times the room."
    },
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Parameters(paramLabel = "FILE.gguf", description = "The file to read.")
  private @Nullable Path file;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write; it must not exist yet.")
  private @Nullable Path out;

  ConvertCommand() {}

  @Override
  public Integer call() {
    Terminal terminal = Commands.required(root).terminal();
    Path folder = Commands.required(out);
    ModelTools.convert(Commands.required(file), folder, terminal);
    terminal.clearLine();
    terminal.out().println(folder);
    return ExitCode.FINE;
  }
}
