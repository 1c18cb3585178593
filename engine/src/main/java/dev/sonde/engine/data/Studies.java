package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.config.Config;
import dev.sonde.api.data.DatasetFactory;
import dev.sonde.api.data.DatasetFactory.Row;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.data.Dataset.Entry;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.host.MissingFile;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Opens data sets. */
public final class Studies {
  private static final List<DatasetFactory> OWN =
      List.of(new JsonLines(), new CommaSeparated(), new ThoughtAnchors());

  private final PluginRegistry plugins;

  /** Readers of the engine, then those of plugins. */
  public Studies(PluginRegistry plugins) {
    this.plugins = plugins;
  }

  /**
   * Reads a data set.
   *
   * @param name its name in the experiment
   * @param config the {@code data:} section
   * @throws InvalidInputException naming file and line of what is wrong
   */
  public Dataset open(String name, DataSource source, ConfigView config) {
    List<Entry> entries = new ArrayList<>();
    Prompt prompt = Prompt.of(config);
    for (Path file : source.files()) {
      int before = entries.size();
      for (Row row : rows(file)) {
        Columns columns = new Columns(file, row);
        String id = columns.has("id") ? columns.text("id") : String.valueOf(before + row.line());
        entries.add(new Entry(columns, id, prompt.read(columns)));
      }
    }
    if (entries.isEmpty()) {
      throw new InvalidInputException(source + ": holds no rows");
    }
    List<String> remarks = new ArrayList<>();
    List<Entry> used = limited(once(entries, remarks), config);
    List<String> groups = groups(used, config);
    Optional<int[]> split = split(used, groups, config);
    return new Dataset(name, source, used, targets(used, config), groups, split, remarks);
  }

  private List<Row> rows(Path file) {
    if (!Files.exists(file)) {
      throw new InvalidInputException(MissingFile.message(file));
    }
    List<Row> rows = new ArrayList<>();
    for (DatasetFactory own : OWN) {
      if (own.reads(file)) {
        own.read(file, rows::add);
        return rows;
      }
    }
    for (Offer<DatasetFactory> offer : plugins.all(ExtensionKind.DATASET)) {
      String reader = "with the reader '%s'".formatted(offer.factory().name());
      if (offer.guarded("look at %s %s".formatted(file, reader), f -> f.reads(file))) {
        offer.guarded(
            "read %s %s".formatted(file, reader),
            factory -> {
              factory.read(file, row -> rows.add(Objects.requireNonNull(row, "a row")));
              return true;
            });
        return rows;
      }
    }
    throw new InvalidInputException(file + ": " + unknown(String.valueOf(file.getFileName())));
  }

  /** Why no reader takes a file, and what to do. */
  private static String unknown(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "json" ->
          "is one JSON value; rows are read from .jsonl, one object a line (jq -c '.[]' writes it)";
      case "tsv", "tab" -> "has tabs; rows are read from .csv, with commas, or .jsonl";
      case "gz", "zst", "xz", "bz2", "zip" -> "is compressed; unpack it first";
      default -> "is neither .jsonl nor .csv, nor a folder of folders with chunks_labeled.json";
    };
  }

  /** Rows by their ids: one that stands again as it is counts once, another of the same id not. */
  private static List<Entry> once(List<Entry> entries, List<String> remarks) {
    Map<String, Entry> seen = new LinkedHashMap<>();
    for (Entry entry : entries) {
      Entry before = seen.putIfAbsent(entry.id(), entry);
      if (before == null) {
        continue;
      }
      int line = before.row().row().line();
      if (!before.row().row().columns().equals(entry.row().row().columns())) {
        throw entry
            .row()
            .problem(
                "the id '%s' stands already on line %d; remove one of the rows, or give it an id of its own"
                    .formatted(entry.id(), line));
      }
      remarks.add(
          "Row '%s' stands twice in the data, on lines %d and %d, and is taken once."
              .formatted(entry.id(), line, entry.row().row().line()));
    }
    return List.copyOf(seen.values());
  }

  private static List<Entry> limited(List<Entry> entries, Config config) {
    if (!config.has("limit") || config.integer("limit") >= entries.size()) {
      return entries;
    }
    if (config.integer("limit") < 1) {
      throw config.error("limit", "must be at least 1");
    }
    Set<String> first = new HashSet<>();
    entries.stream()
        .map(Entry::id)
        .sorted(Comparator.naturalOrder())
        .limit(config.integer("limit"))
        .forEach(first::add);
    return entries.stream().filter(entry -> first.contains(entry.id())).toList();
  }

  private static List<String> groups(List<Entry> entries, Config config) {
    return entries.stream()
        .map(e -> config.has("group") ? e.row().text(config.string("group")) : e.id())
        .toList();
  }

  private static Optional<Targets> targets(List<Entry> entries, Config config) {
    if (!config.has("label")) {
      return Optional.empty();
    }
    String column = config.string("label");
    List<String> labels = entries.stream().map(e -> e.row().text(column)).toList();
    Set<String> distinct = new TreeSet<>(labels);
    if (distinct.size() < 2) {
      throw config.error("label", "column '%s' has one value only: %s".formatted(column, distinct));
    }
    if (!config.has("positive")) {
      return Optional.of(graded(entries, column, distinct, config));
    }
    String positive = config.string("positive");
    if (!distinct.contains(positive)) {
      throw config.error(
          "positive", "no row has the label '%s'; the labels are %s".formatted(positive, distinct));
    }
    if (distinct.size() > 2) {
      throw config.error(
          "label",
          "column '%s' has %d values, two are needed: %s"
              .formatted(column, distinct.size(), distinct));
    }
    boolean[] isPositive = new boolean[labels.size()];
    for (int i = 0; i < isPositive.length; i++) {
      isPositive[i] = labels.get(i).equals(positive);
    }
    distinct.remove(positive);
    return Optional.of(Targets.binary(isPositive, positive, distinct.iterator().next()));
  }

  private static Targets graded(
      List<Entry> entries, String column, Set<String> distinct, Config config) {
    try {
      return Targets.real(
          entries.stream().mapToDouble(e -> e.row().number(column).orElseThrow()).toArray());
    } catch (InvalidInputException e) {
      throw config.error(
          "label",
          "say which label of column '%s' is the positive one: data.positive, one of %s"
              .formatted(column, distinct));
    }
  }

  /** Fold 0 for training rows and 1 for test rows of a hand-made split. */
  private static Optional<int[]> split(List<Entry> entries, List<String> groups, Config config) {
    if (!config.has("split")) {
      return Optional.empty();
    }
    int[] sides = new int[entries.size()];
    Map<String, Integer> sideOfGroup = new HashMap<>();
    for (int i = 0; i < sides.length; i++) {
      Columns row = entries.get(i).row();
      String side = row.text(config.string("split"));
      sides[i] =
          switch (side) {
            case "train" -> 0;
            case "test" -> 1;
            default -> throw row.problem("split is '%s', not train or test".formatted(side));
          };
      Integer before = sideOfGroup.put(groups.get(i), sides[i]);
      if (before != null && before != sides[i]) {
        throw row.problem("group '%s' stands on both sides of the split".formatted(groups.get(i)));
      }
    }
    return Optional.of(sides);
  }
}
