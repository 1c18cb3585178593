package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.config.Config;
import dev.sonde.api.data.DatasetFactory;
import dev.sonde.api.data.DatasetFactory.Row;
import dev.sonde.engine.data.Dataset.Entry;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.Experiment.ProbePart;
import dev.sonde.engine.host.MissingFile;
import dev.sonde.engine.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Opens data sets. */
public final class Studies {
  private static final List<DatasetFactory> OWN =
      List.of(new JsonLines(), new CommaSeparated(), new ThoughtAnchors());

  private final RowReaders readers;

  /** Readers of the engine, then those of plugins. */
  public Studies(PluginRegistry plugins) {
    this.readers = new RowReaders(OWN, plugins);
  }

  /**
   * Reads the main data set.
   *
   * @param config the {@code data:} section
   * @param asked the labels that probes ask about in place of those of the section
   * @throws InvalidInputException naming file and line of what is wrong
   */
  public Dataset open(DataSource source, ConfigView config, Asked asked) {
    Map<String, LabelRule> ofProbes = new LinkedHashMap<>();
    asked.labels().forEach((probe, labels) -> ofProbes.put(probe, LabelRule.of(labels)));
    return open("data", source, config, LabelRule.of(config), ofProbes, asked.made());
  }

  /**
   * The labels that probes ask about in place of those of the data.
   *
   * @param labels by the probe's name
   * @param made the probes whose labels an earlier probe makes
   */
  public record Asked(Map<String, ConfigView> labels, Set<String> made) {
    /** Labels with their collections copied in order. */
    public Asked {
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
      made = Set.copyOf(made);
    }

    /** What the probes of an experiment ask about. */
    public static Asked of(Experiment experiment) {
      return new Asked(
          experiment.ownLabels(),
          experiment.probes().stream()
              .filter(probe -> probe.maker().isPresent())
              .map(ProbePart::name)
              .collect(Collectors.toSet()));
    }
  }

  /**
   * Reads a further data set.
   *
   * @param name its name in the experiment
   * @param config its section
   * @param data the {@code data:} section, whose classes a set means that names none
   * @param asked as of the main data set; a set without the column has no labels for that probe
   * @throws InvalidInputException naming file and line of what is wrong
   */
  public Dataset open(
      String name, DataSource source, ConfigView config, ConfigView data, Asked asked) {
    Map<String, LabelRule> ofProbes = new LinkedHashMap<>();
    asked
        .labels()
        .forEach(
            (probe, labels) -> ofProbes.put(probe, LabelRule.ofSet(labels, LabelRule.of(labels))));
    return open(
        name, source, config, LabelRule.ofSet(config, LabelRule.of(data)), ofProbes, asked.made());
  }

  private Dataset open(
      String name,
      DataSource source,
      ConfigView config,
      LabelRule rule,
      Map<String, LabelRule> ofProbes,
      Set<String> made) {
    List<Entry> entries = new ArrayList<>();
    Optional<PairColumns> pairs = PairColumns.of(config);
    Function<Columns, Prompt.Fed> prompt =
        pairs
            .<Function<Columns, Prompt.Fed>>map(both -> row -> both.read(row).getFirst())
            .orElseGet(() -> Prompt.of(config)::read);
    RowFilter filter = RowFilter.of(config);
    int read = 0;
    for (Path file : source.files()) {
      int before = read;
      for (Row row : rows(file)) {
        read++;
        Columns columns = new Columns(file, row);
        if (!filter.lets(columns)) {
          continue;
        }
        String id = columns.has("id") ? columns.text("id") : String.valueOf(before + row.line());
        entries.add(new Entry(columns, id, prompt.apply(columns)));
      }
    }
    if (entries.isEmpty()) {
      throw read > 0
          ? config.error("where", "no row of %s is left by it".formatted(source))
          : new InvalidInputException(source + ": holds no rows");
    }
    List<String> remarks = new ArrayList<>();
    List<Entry> distinct = once(entries, remarks);
    Map<String, LabelRule> applied = new LinkedHashMap<>(ofProbes);
    applied.keySet().removeAll(made);
    applied.values().removeIf(own -> !own.main() && !own.hasColumn(distinct));
    List<Entry> asked =
        distinct.stream()
            .filter(
                entry ->
                    !made.isEmpty()
                        || rule.asks(entry.row())
                        || applied.values().stream().anyMatch(own -> own.asks(entry.row())))
            .toList();
    if (asked.isEmpty()) {
      throw config.error("positive", "no row has one of the labels that are named");
    }
    int leftOut = read - entries.size() + distinct.size() - asked.size();
    if (leftOut > 0) {
      remarks.add(
          "%d rows of %s are left out: by where, or because their label is in neither class."
              .formatted(leftOut, name));
    }
    List<Entry> rows = limited(asked, config);
    List<String> ofRows = groups(rows, config);
    List<Entry> used = pairs.map(both -> both.both(rows)).orElse(rows);
    List<String> groups = pairs.isPresent() ? PairColumns.twice(ofRows) : ofRows;
    Map<String, Labels> labels = new LinkedHashMap<>();
    Map<String, LabelRule> awaited = new LinkedHashMap<>();
    ofProbes.forEach(
        (probe, own) -> {
          if (made.contains(probe)) {
            awaited.put(probe, own);
          } else {
            labels.put(probe, applied.containsKey(probe) ? own.of(used) : Labels.none(used));
          }
        });
    Optional<int[]> split = split(used, groups, config);
    return new Dataset(
        name,
        source,
        used,
        pairs.map(both -> both.labels(rows)).orElseGet(() -> rule.of(used)),
        labels,
        awaited,
        groups,
        split,
        remarks);
  }

  private List<Row> rows(Path file) {
    if (!Files.exists(file)) {
      throw new InvalidInputException(MissingFile.message(file));
    }
    List<Row> rows = new ArrayList<>();
    readers
        .of(file, "")
        .orElseThrow(
            () ->
                new InvalidInputException(
                    file + ": " + unknown(String.valueOf(file.getFileName()))))
        .accept(rows::add);
    return rows;
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
