package dev.sonde.engine.cli;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.ProbeTools;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sonde score}. */
@Command(
    name = "score",
    description = {
      "Score texts with saved probes.",
      "A line a text: id, score, probability of the positive class, and whether the score lies"
          + " above the threshold. Memory does not grow with the texts."
    },
    mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
  private static final String STANDARD = "-";

  @ParentCommand private @Nullable RootCommand root;

  @Parameters(
      arity = "1..*",
      paramLabel = "PROBE",
      description =
          "A saved probe (its .json or .safetensors), or the folder of a run for the probe that it"
              + " chose. Several share one pass.")
  private List<Path> probes = new ArrayList<>();

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "A JSONL, CSV, Parquet or text file, or - for standard input.")
  private String data = "";

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "jsonl, csv, text or another. Default: by the name; of standard input jsonl.")
  private @Nullable String format;

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description =
          "The column that is fed verbatim. Default: prompts are made as the probe's were. Also"
              + " --set data.messages=COLUMN or data.template=TEXT.")
  private @Nullable String text;

  @Option(
      names = "--answer",
      paramLabel = "COLUMN",
      description = "A column whose text follows the prompt verbatim; only its tokens count.")
  private @Nullable String answer;

  @Option(
      names = "--assistant",
      description = "Only the model's own turns of a conversation count.")
  private boolean assistant;

  @Option(
      names = "--aggregate",
      paramLabel = "HOW",
      description =
          "How the scores of tokens become one: last, mean, max, ema or p95. Default: what the probe"
              + " reads.")
  private @Nullable String aggregate;

  @Option(names = "--tokens", paramLabel = "all", description = "all: also a score a token.")
  private @Nullable String tokens;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write a page with the tokens coloured by their score.")
  private @Nullable Path html;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "The false-positive rate whose threshold flags: 0.01, 0.05 or 0.1. Default:"
              + " ${DEFAULT-VALUE}.")
  private double rate = 0.05;

  @Option(names = "--above", paramLabel = "T", description = "A threshold of your own.")
  private @Nullable Double above;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description =
          "The column with the label: says how well the probe does here, and whether its thresholds"
              + " keep their rates.")
  private @Nullable String label;

  @Option(
      names = "--positive",
      paramLabel = "LABEL",
      description = "The label of the positive class. Default: as the probe calls it.")
  private @Nullable String positive;

  @Option(
      names = "--group",
      paramLabel = "COLUMN",
      description = "The column with the group, for intervals. Default: each row is one.")
  private @Nullable String group;

  @Option(
      names = "--calibrate",
      paramLabel = "FILE.json",
      description =
          "Write the probe with probabilities and thresholds of these labelled texts; nothing is"
              + " fitted again.")
  private @Nullable Path calibrate;

  @Option(
      names = "--curve",
      paramLabel = "KIND",
      description = "What makes probabilities: platt or isotonic. Default: ${DEFAULT-VALUE}.")
  private String curve = "platt";

  @Option(
      names = "--anyway",
      description = "Score with another model or tokenizer than the probe was made with.")
  private boolean anyway;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key, for example model.dtype=float32. May be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The file to write, JSONL or .csv. Default: standard output.")
  private @Nullable Path out;

  @Option(names = "--overwrite", description = "Replace files.")
  private boolean overwrite;

  @Mixin private PluginFolders plugins = new PluginFolders();

  ScoreCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    if (tokens != null && !tokens.equals("all")) {
      throw new InvalidInputException("--tokens %s: there is all".formatted(tokens));
    }
    if (!List.of("platt", "isotonic").contains(curve)) {
      throw new InvalidInputException("--curve %s: there are platt and isotonic".formatted(curve));
    }
    Map<String, Object> dataPart = new LinkedHashMap<>();
    dataPart.put("path", data);
    Optional.ofNullable(text).ifPresent(column -> dataPart.put("text", column));
    ProbeTools tools = parent.open(plugins.folders()).probeTools();
    Optional<ProbeTools.Known> known =
        Optional.ofNullable(label)
            .map(
                column ->
                    new ProbeTools.Known(
                        column,
                        Optional.ofNullable(positive)
                            .orElseGet(() -> ProbeTools.positive(probes.getFirst())),
                        Optional.ofNullable(group)));
    Optional<Path> file =
        Optional.ofNullable(out).filter(place -> !place.toString().equals(STANDARD));
    Terminal terminal = parent.terminal();
    PrintWriter screen = terminal.out();
    List<String> said =
        tools.score(
            new ProbeTools.Texts(
                probes,
                Map.copyOf(model.part()),
                dataPart,
                settings,
                Optional.ofNullable(format),
                Optional.ofNullable(answer),
                assistant,
                tokens != null,
                Optional.ofNullable(aggregate),
                above == null ? OptionalDouble.empty() : OptionalDouble.of(above),
                rate,
                anyway),
            known,
            new ProbeTools.Outputs(
                file,
                screen,
                Optional.ofNullable(html),
                Optional.ofNullable(calibrate),
                curve,
                overwrite));
    terminal.clearLine();
    PrintWriter summary = file.isPresent() ? screen : terminal.err();
    said.forEach(line -> summary.println(Terminal.harmless(line)));
    file.ifPresent(place -> screen.println(place));
    summary.flush();
    return ExitCode.FINE;
  }
}
