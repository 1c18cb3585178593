package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sonde demo}. */
@Command(
    name = "demo",
    description = "Run the demo on the small model that comes with Sonde.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Option(names = "--backend", paramLabel = "NAME", description = "The model backend.")
  private @Nullable String backend;

  @Mixin private Output output = new Output();

  DemoCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    List<String> overrides = backend == null ? List.of() : List.of("model.backend=" + backend);
    Path experiment = RootCommand.home().resolve("experiments").resolve("demo.yaml");
    Sonde sonde = parent.open(List.of());
    Path folder = output.folder("demo");
    return Output.finish(
        folder,
        new PluginFolders(),
        output.json(),
        () -> sonde.run(experiment, overrides, folder, output.overwrite()),
        parent.terminal());
  }
}
