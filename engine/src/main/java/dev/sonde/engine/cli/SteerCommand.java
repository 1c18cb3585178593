package dev.sonde.engine.cli;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.ModelTools;
import dev.sonde.engine.Prompted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sonde steer}. */
@Command(
    name = "steer",
    description = {
      "Continue a prompt while a direction is added to the residual stream.",
      "The vector of block N (counted from 0) is added to the block's output,"
          + " at every token. Prints the continuation without and with it."
          + " llama.cpp's spellings of options work too.",
      "With --data, a grid of doses is tried over a file of prompts: a table of what each dose does"
          + " and of what it costs neutral text, and which one to take."
    },
    mixinStandardHelpOptions = true)
final class SteerCommand implements Callable<Integer> {
  private static final Pattern LAYERS = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

  @ParentCommand private @Nullable RootCommand root;

  @Mixin private ContinuationOptions continuation = new ContinuationOptions();

  @Option(
      names = "--control-vector",
      paramLabel = "FILE",
      description =
          "A direction file (.gguf, .safetensors, .svec), added with the factor"
              + " --scale. May be repeated.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--scale",
      paramLabel = "S",
      description = "The factor; negative for the opposite direction. Default: ${DEFAULT-VALUE}.")
  private double scale = 1;

  @Option(
      names = "--control-vector-scaled",
      arity = "1..2",
      paramLabel = "FILE S",
      description = "A direction file and its own factor, or FILE:S. May be repeated.")
  private List<String> scaled = new ArrayList<>();

  @Option(
      names = "--layers",
      paramLabel = "FROM-TO",
      description =
          "The blocks whose output is changed, both ends included. Default: all in the file.")
  private String layers = "";

  @Option(
      names = "--control-vector-layer-range",
      arity = "2",
      paramLabel = "N",
      description = "The same as two numbers, START END.")
  private List<Integer> range = new ArrayList<>();

  @Option(
      names = {"-n", "--max-tokens", "--n-predict", "--predict"},
      paramLabel = "N",
      description = "Maximum number of tokens to add. Default: ${DEFAULT-VALUE}.")
  private int maxTokens = 100;

  @Option(
      names = "--only-steered",
      description = "Print the steered continuation and nothing else.")
  private boolean onlySteered;

  @Mixin private DoseOptions doses = new DoseOptions();

  @Mixin private PluginFolders plugins = new PluginFolders();

  SteerCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    Terminal terminal = parent.terminal();
    if (doses.asked()) {
      return tried(parent, terminal);
    }
    ModelTools.Steer steer = request();
    ModelTools.Steered said = parent.open(plugins.folders()).tools().steer(steer);
    terminal.clearLine();
    if (!onlySteered) {
      terminal.out().println(terminal.styled("@|bold unsteered|@"));
      terminal.out().println(said.plain());
      terminal.out().println();
      terminal.out().println(terminal.styled("@|bold steered|@") + " " + at(said.layers()));
    }
    terminal.out().println(said.steered());
    return ExitCode.FINE;
  }

  private int tried(RootCommand parent, Terminal terminal) {
    if (continuation.hasPrompt()) {
      throw new InvalidInputException("give one of --prompt and --data");
    }
    if (maxTokens < 1) {
      throw new InvalidInputException("--max-tokens %d: at least 1".formatted(maxTokens));
    }
    doses.out().ifPresent(file -> DosesShown.requireFree(file, doses.overwrite()));
    List<Integer> blocks = blocks();
    Map.Entry<String, String> wanted = doses.wanted();
    ModelTools.Doses asked =
        new ModelTools.Doses(
            Map.copyOf(continuation.part()),
            doses.data(),
            doses.settings(),
            doses.neutral(),
            named(),
            blocks.isEmpty() ? 0 : blocks.getFirst(),
            blocks.isEmpty() ? OptionalInt.empty() : OptionalInt.of(blocks.getLast()),
            doses.scales(),
            wanted.getKey(),
            wanted.getValue(),
            doses.maxDamage(),
            maxTokens,
            doses.anyway());
    ModelTools.DoseTable table = parent.open(plugins.folders()).tools().steer(asked);
    terminal.clearLine();
    doses.out().ifPresent(file -> DosesShown.write(table, file));
    if (doses.json()) {
      JsonOutput.print(DosesShown.json(table), terminal);
    } else {
      DosesShown.print(table, terminal);
    }
    return ExitCode.FINE;
  }

  private static String at(List<Integer> blocks) {
    return blocks.size() == 1
        ? "at block " + blocks.getFirst()
        : "at %d blocks, %d to %d".formatted(blocks.size(), blocks.getFirst(), blocks.getLast());
  }

  private ModelTools.Steer request() {
    List<Map.Entry<Path, Double>> vectors = named();
    Prompted what = continuation.of(maxTokens);
    List<Integer> blocks = blocks();
    return new ModelTools.Steer(
        what,
        vectors,
        blocks.isEmpty() ? 0 : blocks.getFirst(),
        blocks.isEmpty() ? OptionalInt.empty() : OptionalInt.of(blocks.getLast()));
  }

  private List<Map.Entry<Path, Double>> named() {
    List<Map.Entry<Path, Double>> vectors = vectors();
    if (vectors.isEmpty()) {
      throw new InvalidInputException("name a direction file: --control-vector FILE");
    }
    return vectors;
  }

  /** The first and the last block whose output is changed; empty for all. */
  private List<Integer> blocks() {
    List<Integer> bounds = layers.isEmpty() ? range : bounds(layers);
    if (!bounds.isEmpty() && (bounds.getFirst() < 0 || bounds.getLast() < bounds.getFirst())) {
      throw new InvalidInputException(
          "layers %d to %d: name the first and the last, counted from 0"
              .formatted(bounds.getFirst(), bounds.getLast()));
    }
    return bounds;
  }

  private static List<Integer> bounds(String text) {
    Matcher bounds = LAYERS.matcher(text);
    if (!bounds.matches()) {
      throw new InvalidInputException(
          "--layers %s: write FROM-TO, for example 2-4, or one number".formatted(text));
    }
    String to = bounds.group(2);
    return List.of(
        Integer.parseInt(bounds.group(1)), Integer.parseInt(to == null ? bounds.group(1) : to));
  }

  private List<Map.Entry<Path, Double>> vectors() {
    List<Map.Entry<Path, Double>> vectors = new ArrayList<>();
    files.forEach(file -> vectors.add(Map.entry(file, ContinuationOptions.factor(scale))));
    for (int i = 0; i < scaled.size(); i++) {
      String file = scaled.get(i);
      int colon = file.lastIndexOf(':');
      OptionalDouble behind =
          colon < 0 ? OptionalDouble.empty() : number(file.substring(colon + 1));
      if (behind.isPresent()) {
        vectors.add(Map.entry(Path.of(file.substring(0, colon)), behind.getAsDouble()));
      } else if (i + 1 < scaled.size() && number(scaled.get(i + 1)).isPresent()) {
        vectors.add(Map.entry(Path.of(file), number(scaled.get(++i)).getAsDouble()));
      } else {
        throw new InvalidInputException(
            "--control-vector-scaled %s: its factor is missing; write FILE S or FILE:S"
                .formatted(file));
      }
    }
    return vectors;
  }

  private static OptionalDouble number(String text) {
    try {
      return OptionalDouble.of(ContinuationOptions.factor(Double.parseDouble(text)));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}
