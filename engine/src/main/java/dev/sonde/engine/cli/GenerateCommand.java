package dev.sonde.engine.cli;

import dev.sonde.api.report.Metric;
import dev.sonde.engine.ProbeTools;
import dev.sonde.engine.Prompted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sonde generate}. */
@Command(
    name = "generate",
    description = {
      "Continue a prompt while a saved probe watches.",
      "The probe looks at the state that each token is predicted from. Where its score lies above"
          + " the threshold, the text ends before that token, or a direction is added from there on,"
          + " or it is noted."
    },
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Mixin private ContinuationOptions continuation = new ContinuationOptions();

  @Option(
      names = "--watch",
      required = true,
      paramLabel = "PROBE",
      description = "A saved probe, or the folder of a run for the probe that it chose.")
  private @Nullable Path watch;

  @Option(
      names = "--above",
      paramLabel = "T",
      description = "The threshold. Default: the probe's own at 5 %% false positives.")
  private @Nullable Double above;

  @Option(
      names = "--then",
      paramLabel = "WHAT",
      description =
          "What happens where the probe fires: stop, steer or note. Default: ${DEFAULT-VALUE}.")
  private String then = "note";

  @Option(
      names = "--control-vector",
      paramLabel = "FILE",
      description = "With --then steer: a direction file. May be repeated.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--scale",
      paramLabel = "S",
      description = "The factor of the directions. Default: ${DEFAULT-VALUE}.")
  private double scale = 1;

  @Option(
      names = {"-n", "--max-tokens"},
      paramLabel = "N",
      description = "Maximum number of tokens to add. Default: ${DEFAULT-VALUE}.")
  private int maxTokens = 100;

  @Option(names = "--scores", description = "Also print every token with its score.")
  private boolean scores;

  @Option(
      names = "--anyway",
      description = "Watch another model or tokenizer than the probe was made with.")
  private boolean anyway;

  @Mixin private PluginFolders plugins = new PluginFolders();

  GenerateCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    Prompted what = continuation.of(maxTokens);
    double factor = ContinuationOptions.factor(scale);
    Terminal terminal = parent.terminal();
    ProbeTools.Watched said =
        parent
            .open(plugins.folders())
            .probeTools()
            .watch(
                what,
                new ProbeTools.Watch(
                    Commands.required(watch),
                    above == null ? OptionalDouble.empty() : OptionalDouble.of(above),
                    then,
                    files.stream().map(file -> Map.entry(file, factor)).toList(),
                    anyway));
    terminal.clearLine();
    terminal.out().println(Terminal.harmless(said.text()));
    if (scores) {
      for (int step = 0; step < said.tokens().size(); step++) {
        terminal
            .out()
            .println(
                "%d\t%s\t%s"
                    .formatted(
                        step,
                        Metric.text(said.scores().get(step)),
                        Terminal.harmless(said.tokens().get(step))));
      }
    }
    terminal
        .err()
        .println(
            said.fired().isPresent()
                ? "fired at step %d, above %s: %s"
                    .formatted(said.fired().getAsInt(), Metric.text(said.above()), then)
                : "never above %s".formatted(Metric.text(said.above())));
    terminal.err().flush();
    return ExitCode.FINE;
  }
}
