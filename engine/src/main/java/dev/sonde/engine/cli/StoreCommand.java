package dev.sonde.engine.cli;

import dev.sonde.engine.StoredActivations;
import dev.sonde.formats.json.JsonText;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sonde store}. */
@Command(
    name = "store",
    description = "List, clean and check stored activations.",
    mixinStandardHelpOptions = true,
    subcommands = {
      StoreCommand.Contents.class,
      StoreCommand.Clean.class,
      StoreCommand.Verify.class
    })
final class StoreCommand {
  @ParentCommand private @Nullable RootCommand root;

  StoreCommand() {}

  /** {@code sonde store list}. */
  @Command(
      name = "list",
      description = "Show of which models activations are stored, and how much they take.",
      mixinStandardHelpOptions = true)
  static final class Contents implements Callable<Integer> {
    private static final double MEBIBYTE = 1 << 20;

    /** Enough to compare by eye; the whole hash is in the JSON. */
    private static final int SHOWN_OF_HASH = 12;

    @ParentCommand private @Nullable StoreCommand store;
    @Mixin private JsonOutput json = new JsonOutput();

    Contents() {}

    @Override
    public Integer call() {
      RootCommand parent = Commands.required(Commands.required(store).root);
      Terminal terminal = parent.terminal();
      List<StoredActivations.KeptModel> models = parent.open(List.of()).storedActivations().list();
      if (json.asked()) {
        JsonOutput.print(
            JsonText.object("models", models.stream().map(Contents::plain).toList()), terminal);
        return ExitCode.FINE;
      }
      for (StoredActivations.KeptModel model : models) {
        String hash = model.model();
        terminal.paragraph(
            "%s  %s, %s: %d hook points, %.1f MiB, last used %s"
                .formatted(
                    hash.substring(0, Math.min(SHOWN_OF_HASH, hash.length())),
                    model.backend(),
                    model.dtype(),
                    model.hooks().size(),
                    model.bytes() / MEBIBYTE,
                    model.used().truncatedTo(ChronoUnit.MINUTES)),
            2);
      }
      if (models.isEmpty()) {
        terminal.out().println("nothing is stored");
      }
      return ExitCode.FINE;
    }

    private static Map<String, Object> plain(StoredActivations.KeptModel model) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("model", model.model());
      map.put("backend", model.backend());
      map.put("dtype", model.dtype());
      map.put("hooks", model.hooks());
      map.put("bytes", model.bytes());
      map.put("used", model.used().toString());
      return map;
    }
  }

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

    @Mixin private JsonOutput json = new JsonOutput();

    Verify() {}

    @Override
    public Integer call() {
      RootCommand parent = Commands.required(Commands.required(store).root);
      Terminal terminal = parent.terminal();
      StoredActivations.StoreReport check =
          parent.open(List.of()).storedActivations().check(remove);
      terminal.clearLine();
      if (json.asked()) {
        JsonOutput.print(
            JsonText.object(
                "damaged", check.lines(), "summary", check.summary(), "sound", check.sound()),
            terminal);
        return check.sound() ? ExitCode.FINE : ExitCode.INPUT;
      }
      check.lines().forEach(line -> terminal.out().println(Terminal.harmless(line)));
      terminal.out().println(check.summary());
      return check.sound() ? ExitCode.FINE : ExitCode.INPUT;
    }
  }
}
