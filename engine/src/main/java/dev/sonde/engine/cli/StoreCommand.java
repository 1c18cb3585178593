package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
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
    subcommands = {StoreCommand.Clean.class, StoreCommand.Verify.class})
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

  /** {@code sonde store verify}. */
  @Command(
      name = "verify",
      description = "Read all stored activations and say which are not what was written.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @ParentCommand private @Nullable StoreCommand store;

    @Option(
        names = "--remove",
        description = "Remove what is damaged, and what an earlier version of Sonde wrote.")
    private boolean remove;

    Verify() {}

    @Override
    public Integer call() {
      RootCommand parent = Commands.required(Commands.required(store).root);
      Terminal terminal = parent.terminal();
      Sonde.StoreCheck check = parent.open(List.of()).checkStore(remove);
      terminal.clearLine();
      check.lines().forEach(line -> terminal.out().println(Terminal.harmless(line)));
      terminal.out().println(check.summary());
      return check.sound() ? ExitCode.FINE : ExitCode.INPUT;
    }
  }
}
