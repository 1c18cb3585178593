package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import dev.sonde.formats.json.JsonText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sonde run}. */
@Command(name = "run", description = "Run an experiment.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Parameters(paramLabel = "FILE.yaml", description = "The experiment.")
  private @Nullable Path file;

  @Mixin private Overrides overrides = new Overrides();
  @Mixin private PluginFolders plugins = new PluginFolders();
  @Mixin private WorkerOption.OfRun workers = new WorkerOption.OfRun();
  @Mixin private Output output = new Output();

  @Option(
      names = "--dry-run",
      description =
          "Print what the run would cost (passes, tokens, bytes, time) and whether"
              + " this machine can afford it, then stop.")
  private boolean dryRun;

  @Option(
      names = "--watch",
      description =
          "Run again, into the same run folder, whenever the experiment or a plugin"
              + " folder changes; Ctrl-C ends it.")
  private boolean watch;

  RunCommand() {}

  /** The options that change an experiment. */
  static final class Overrides {
    @Option(
        names = "--set",
        paramLabel = "KEY=VALUE",
        description =
            "Set a key of the experiment by its dotted path, for example"
                + " probes.direction.with.tokens=first. May be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(
        names = "--backend",
        paramLabel = "NAME",
        description = "The model backend; short for --set model.backend=NAME.")
    private @Nullable String backend;

    @Option(
        names = "--model",
        paramLabel = "REF",
        description =
            "The model: a folder, a .gguf file, or hf:org/name[@revision]; short for --set"
                + " model.ref=REF.")
    private @Nullable String model;

    Overrides() {}

    List<String> all() {
      List<String> all = new ArrayList<>(settings);
      if (backend != null) {
        all.add("model.backend=" + backend);
      }
      if (model != null) {
        all.add("model.ref=" + model);
      }
      return all;
    }
  }

  @Override
  public Integer call() {
    Terminal terminal = Commands.required(root).terminal();
    Path experiment = Commands.required(file);
    String name = Sonde.name(experiment, overrides.all());
    Sonde sonde = workers.of(Commands.required(root).open(plugins.folders()));
    Path folder = output.folder(name);
    if (dryRun) {
      Sonde.Outlook outlook = sonde.dryRun(experiment, overrides.all(), folder);
      terminal.clearLine();
      if (output.json().asked()) {
        JsonOutput.print(
            JsonText.object("lines", outlook.lines(), "obstacles", outlook.obstacles()), terminal);
      } else {
        outlook.lines().forEach(line -> terminal.paragraph(line, 9));
      }
      outlook.obstacles().forEach(terminal::error);
      return outlook.obstacles().isEmpty() ? ExitCode.FINE : ExitCode.INPUT;
    }
    if (watch) {
      return Watch.over(
          experiment,
          sonde,
          folder,
          output.overwrite(),
          overrides.all(),
          plugins,
          output.json(),
          terminal);
    }
    return Output.finish(
        folder,
        plugins,
        output.json(),
        () -> sonde.run(experiment, overrides.all(), folder, output.overwrite()),
        terminal);
  }
}
