package dev.sonde.engine.cli;

import dev.sonde.engine.SondeWorker;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code sonde worker}. */
@Command(
    name = "worker",
    description = "Compute shards of a run that another process conducts.",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
  /** Where the start script has put the process's output, away from what native code prints. */
  private static final String FRAMES = "sonde.frames";

  @ParentCommand private @Nullable RootCommand root;

  WorkerCommand() {}

  @Override
  public Integer call() throws IOException {
    Commands.required(root);
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
