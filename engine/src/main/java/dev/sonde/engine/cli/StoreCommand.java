package dev.sonde.engine.cli;

import dev.sonde.engine.StoredActivations;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sonde store}. */
@Command(
    name = "store",
    description = "Clean and check stored activations.",
    mixinStandardHelpOptions = true,
    subcommands = {StoreCommand.Clean.class, StoreCommand.Verify.class})
final class StoreCommand {
  @ParentCommand private @Nullable RootCommand root;

  StoreCommand() {}

  /** {@code sonde store gc}. */
  @Command(
      name = "gc",
      description = "Delete the least recently used activations until the rest fits.",
      mixinStandardHelpOptions = true)
  static final class Clean implements Callable<Integer> {
    private static final long GIBIBYTE = 1L << 30;

    @ParentCommand private @Nullable StoreCommand store;

    @Option(
        names = "--keep",
        paramLabel = "GIB",
        description = "Gibibytes to keep. Default: ${DEFAULT-VALUE}.")
    private double keep = 20;

    Clean() {}

    @Override
    public Integer call() {
      RootCommand parent = Commands.required(Commands.required(store).root);
      parent
          .terminal()
          .out()
          .println(parent.open(List.of()).storedActivations().clean((long) (keep * GIBIBYTE)));
      return ExitCode.FINE;
    }
  }

  /** {@code sonde store verify}. */
  @Command(
      name = "verify",
      description = "Read all stored activations and report which are damaged.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @ParentCommand private @Nullable StoreCommand store;

    @Option(
        names = "--remove",
        description =
            "Delete what is damaged, and what earlier versions of Sonde wrote without"
                + " a checksum.")
    private boolean remove;

    Verify() {}

    @Override
    public Integer call() {
      RootCommand parent = Commands.required(Commands.required(store).root);
      Terminal terminal = parent.terminal();
      StoredActivations.StoreReport check =
          parent.open(List.of()).storedActivations().check(remove);
      terminal.clearLine();
      check.lines().forEach(line -> terminal.out().println(Terminal.harmless(line)));
      terminal.out().println(check.summary());
      return check.sound() ? ExitCode.FINE : ExitCode.INPUT;
    }
  }
}
