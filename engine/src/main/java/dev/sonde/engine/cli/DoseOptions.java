package dev.sonde.engine.cli;

import dev.sonde.api.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code sonde steer} over a file of prompts. */
final class DoseOptions {
  private static final List<Double> USUAL =
      List.of(-2.0, -1.0, -0.5, -0.2, -0.1, 0.1, 0.2, 0.5, 1.0, 2.0);
  private static final int ROWS = 200;
  private static final String TEXT = "text";

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Instead of --prompt: a JSONL, CSV or Parquet file of prompts, over which each dose is"
              + " tried.")
  private @Nullable String data;

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description =
          "With --data: the column that is fed verbatim. Also --set data.messages=COLUMN or"
              + " data.template=TEXT.")
  private @Nullable String text;

  @Option(
      names = "--scales",
      split = ",",
      paramLabel = "S",
      description =
          "With --data: the doses, by which all factors are multiplied. Default:"
              + " -2,-1,-0.5,-0.2,-0.1 and 0.1,0.2,0.5,1,2.")
  private List<Double> scales = new ArrayList<>();

  @Option(
      names = "--expect",
      paramLabel = "COLUMN",
      description =
          "With --data: the column with the text that is to become likelier behind each prompt.")
  private @Nullable String expect;

  @Option(
      names = "--answer",
      paramLabel = "TEXT",
      description = "With --data: a text that is to become likelier behind every prompt.")
  private @Nullable String answer;

  @Option(
      names = "--probe",
      paramLabel = "PROBE",
      description = "With --data: a saved probe that is to score what the model writes higher.")
  private @Nullable Path probe;

  @Option(
      names = "--neutral",
      paramLabel = "FILE",
      description = "With --data: text that should stay as it is. Default: the prompts.")
  private @Nullable String neutral;

  @Option(
      names = "--neutral-text",
      paramLabel = "COLUMN",
      description = "Its column. Default: as of the prompts.")
  private @Nullable String neutralText;

  @Option(
      names = "--max-damage",
      paramLabel = "NATS",
      description =
          "The most that a recommended dose may cost neutral text, and may move its predictions, in"
              + " nats a token. Default: ${DEFAULT-VALUE}.")
  private double maxDamage = 0.1;

  @Option(
      names = "--group",
      paramLabel = "COLUMN",
      description = "With --data: the column with the group, for intervals.")
  private @Nullable String group;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key, for example data.limit=50. Default: the first 200 rows by id.")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--anyway", description = "Score with a probe of another model or tokenizer.")
  private boolean anyway;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Also write the table: JSONL or .csv.")
  private @Nullable Path out;

  @Option(names = "--overwrite", description = "Replace that file.")
  private boolean overwrite;

  @Mixin private JsonOutput json = new JsonOutput();

  DoseOptions() {}

  /**
   * Whether doses are asked for.
   *
   * @throws InvalidInputException if something is that makes no sense without them
   */
  boolean asked() {
    boolean named = text != null || neutral != null || neutralText != null || group != null;
    boolean wants = expect != null || answer != null || probe != null;
    boolean any =
        named || wants || out != null || json.asked() || !scales.isEmpty() || !settings.isEmpty();
    if (data == null && any) {
      throw new InvalidInputException(
          "a grid of doses is tried over a file of prompts: name it with --data FILE");
    }
    return data != null;
  }

  boolean json() {
    return json.asked();
  }

  boolean anyway() {
    return anyway;
  }

  boolean overwrite() {
    return overwrite;
  }

  Optional<Path> out() {
    return Optional.ofNullable(out);
  }

  List<String> settings() {
    return settings;
  }

  double maxDamage() {
    if (!(maxDamage >= 0)) {
      throw new InvalidInputException("--max-damage %s: at least 0".formatted(maxDamage));
    }
    return maxDamage;
  }

  /** The doses, each once, in ascending order. */
  List<Double> scales() {
    Set<Double> each = new LinkedHashSet<>();
    for (double scale : scales.isEmpty() ? USUAL : scales) {
      each.add(ContinuationOptions.factor(scale) + 0.0); // −0 is 0
    }
    return each.stream().sorted().toList();
  }

  /** What is wanted: the kind, and its text, column or probe. */
  Map.Entry<String, String> wanted() {
    Map<String, String> given = new LinkedHashMap<>();
    Optional.ofNullable(expect).ifPresent(column -> given.put("column", column));
    Optional.ofNullable(answer).ifPresent(words -> given.put(TEXT, words));
    Optional.ofNullable(probe).ifPresent(place -> given.put("probe", place.toString()));
    if (given.size() > 1) {
      throw new InvalidInputException("give one of --expect, --answer and --probe");
    }
    return given.entrySet().stream().findFirst().orElse(Map.entry("", ""));
  }

  /** The prompts, as an experiment names them. */
  Map<String, Object> data() {
    Map<String, Object> part = part(Commands.required(data), text);
    Optional.ofNullable(group).ifPresent(column -> part.put("group", column));
    return part;
  }

  /** The neutral text; empty where it is the prompts. */
  Map<String, Object> neutral() {
    if (neutral == null) {
      return Map.of();
    }
    return part(neutral, neutralText == null ? text : neutralText);
  }

  private static Map<String, Object> part(String path, @Nullable String column) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("path", path);
    Optional.ofNullable(column).ifPresent(name -> part.put(TEXT, name));
    part.put("limit", ROWS);
    return part;
  }
}
