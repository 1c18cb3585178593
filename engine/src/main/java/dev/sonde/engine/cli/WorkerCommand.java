package dev.sonde.engine.cli;

import dev.sonde.engine.SondeWorker;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sonde worker}. */
@Command(
    name = "worker",
    description = "Compute shards of a run that another process conducts.",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
  /** Where the start script has put the process's output, away from what native code prints. */
  private static final String FRAMES = "sonde.frames";

  private static final Pattern PART = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

  @ParentCommand private @Nullable RootCommand root;

  @Option(
      names = "--shards",
      paramLabel = "I/N",
      description =
          "Compute every N-th of the shards that RUN handed out, beginning with the I-th.")
  private @Nullable String shards;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "The folder of a run that was begun with --hand-out.")
  private @Nullable Path run;

  @Spec private CommandSpec spec = CommandSpec.create();

  WorkerCommand() {}

  @Override
  public Integer call() throws IOException {
    if ((shards == null) != (run == null)) {
      throw new ParameterException(spec.commandLine(), "--shards I/N and RUN belong together.");
    }
    return shards == null ? serve() : compute(shards, Commands.required(run));
  }

  private int compute(String asked, Path folder) {
    Matcher part = PART.matcher(asked);
    if (!part.matches()) {
      throw new ParameterException(spec.commandLine(), "--shards %s: write I/N".formatted(asked));
    }
    Terminal terminal = Commands.required(root).terminal();
    int computed =
        SondeWorker.compute(
            RootCommand.home(),
            System.getenv(),
            folder,
            Integer.parseInt(part.group(1)),
            Integer.parseInt(part.group(2)),
            terminal);
    terminal.clearLine();
    terminal.out().println("%d shards computed".formatted(computed));
    return ExitCode.FINE;
  }

  /** Answers on the standard output; see docs/scale.md. */
  private static int serve() throws IOException {
    Optional<String> frames = Optional.ofNullable(System.getProperty(FRAMES));
    try (OutputStream answers =
        frames.isPresent()
            ? new FileOutputStream(frames.get())
            : new FileOutputStream(FileDescriptor.out)) {
      new SondeWorker(answers, () -> Runtime.getRuntime().halt(ExitCode.PLUGIN))
          .serve(RootCommand.home(), System.getenv(), System.in);
    }
    return ExitCode.FINE;
  }
}
