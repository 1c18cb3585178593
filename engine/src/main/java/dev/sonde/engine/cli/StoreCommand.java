package dev.sonde.engine.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sonde store}. */
@Command(
    name = "store",
    description = "Look after stored activations.",
    mixinStandardHelpOptions = true,
    subcommands = StoreCommand.Clean.class)
final class StoreCommand {
  @ParentCommand private @Nullable RootCommand root;

  StoreCommand() {}

  /** {@code sonde store gc}. */
  @Command(
      name = "gc",
      description = "Remove what was used longest ago until the rest fits.",
      mixinStandardHelpOptions = true)
  static final class Clean implements Callable<Integer> {
    private static final long GIBIBYTE = 1L << 30;

    @ParentCommand private @Nullable StoreCommand store;

    @Option(
        names = "--keep",
        paramLabel = "GIB",
        description = "Gibibytes that may stay. Default: ${DEFAULT-VALUE}.")
    private double keep = 20;

    Clean() {}

    @Override
    public Integer call() {
      RootCommand parent = Commands.required(Commands.required(store).root);
      parent.terminal().out().println(parent.open(List.of()).cleanStore((long) (keep * GIBIBYTE)));
      return ExitCode.FINE;
    }
  }
}
