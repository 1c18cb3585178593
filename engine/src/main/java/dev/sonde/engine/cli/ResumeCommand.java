package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sonde resume}. */
@Command(
    name = "resume",
    description = "Continue an interrupted run.",
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Parameters(paramLabel = "RUN", description = "The run folder.")
  private @Nullable Path run;

  @Mixin private PluginFolders plugins = new PluginFolders();
  @Mixin private JsonOutput json = new JsonOutput();
  @Mixin private WorkerOption.OfRun workers = new WorkerOption.OfRun();

  ResumeCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    Path folder = Commands.required(run);
    Sonde sonde = workers.of(parent.open(plugins.folders()));
    return Output.finish(folder, plugins, json, () -> sonde.resume(folder), parent.terminal());
  }
}
