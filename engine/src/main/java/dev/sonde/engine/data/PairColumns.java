package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory.Row;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.data.Dataset.Entry;
import dev.sonde.engine.experiment.ConfigView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Contrast pairs: each row of a file holds two texts in columns that {@code data.pairs} names, the
 * positive one first. It becomes two examples of one pair, labelled by their columns. A template or
 * a chat template reads the text of either side as the column {@code text}.
 */
record PairColumns(String positive, String negative, Prompt prompt, boolean rendered) {
  private static final String PAIRS = "pairs";

  /** The column of a template that stands for the text of either side. */
  private static final String TEXT = "text";

  /**
   * The columns of a data set; empty where it has no pairs.
   *
   * @throws InvalidInputException if its settings contradict each other
   */
  static Optional<PairColumns> of(ConfigView config) {
    if (!config.has(PAIRS)) {
      return Optional.empty();
    }
    List<String> names = config.strings(PAIRS);
    if (names.size() != 2 || names.getFirst().equals(names.getLast())) {
      throw config.error(
          PAIRS,
          "name two columns, that of the positive text first, such as [positive, negative]; these are "
              + names);
    }
    for (String key : List.of("label", "positive", "negative", "cut", "class")) {
      if (config.has(key)) {
        throw config.error(
            key,
            "stands beside pairs, whose columns are the labels; leave one of them out"
                + " (labels of another question: data of a probe)");
      }
    }
    boolean rendered = Stream.of("template", "messages").anyMatch(config::has);
    Prompt prompt = rendered ? Prompt.of(config) : new Prompt.Column(TEXT);
    requireSides(config);
    return Optional.of(new PairColumns(names.getFirst(), names.getLast(), prompt, rendered));
  }

  private static void requireSides(ConfigView config) {
    if (config.has("messages") && !config.string("messages").equals(TEXT)) {
      throw config.error(
          "messages", "with pairs it is 'text', which stands for the messages of either side");
    }
    if (config.has("template") && !config.string("template").contains("{" + TEXT + "}")) {
      throw config.error(
          "template", "with pairs it must hold {text}, which stands for the text of either side");
    }
  }

  /**
   * The two prompts of a row, the positive one first.
   *
   * @throws InvalidInputException naming file and line if a text is missing or empty, or both are
   *     the same
   */
  List<Prompt.Fed> read(Columns row) {
    if (rendered && row.has(TEXT) && !List.of(positive, negative).contains(TEXT)) {
      throw row.problem(
          "the column 'text' cannot be read beside pairs, where {text} is the text of either side; rename it");
    }
    List<Prompt.Fed> sides =
        Stream.of(positive, negative).map(column -> prompt.read(side(row, column))).toList();
    if (sides.getFirst().equals(sides.getLast())) {
      throw row.problem(
          "columns '%s' and '%s' hold the same text, so that nothing tells them apart: mend the pair or leave it out (where)"
              .formatted(positive, negative));
    }
    return sides;
  }

  /** The row with the text of one side as the column {@code text}. */
  private static Columns side(Columns row, String column) {
    if (!row.has(column)) {
      row.text(column); // says which columns there are
    }
    Object value = row.row().columns().get(column);
    if (value == null || (value instanceof String text && text.isBlank())) {
      throw row.problem(
          "column '%s' is empty, and a pair takes two texts: fill it in or leave the row out (where)"
              .formatted(column));
    }
    Map<String, Object> columns = new LinkedHashMap<>(row.row().columns());
    columns.put(TEXT, value);
    return new Columns(row.file(), new Row(row.row().line(), columns));
  }

  /** Both examples of each row, one after the other. */
  List<Entry> both(List<Entry> rows) {
    List<Entry> both = new ArrayList<>();
    for (Entry row : rows) {
      List<Prompt.Fed> sides = read(row.row());
      both.add(new Entry(row.row(), row.id() + "." + positive, sides.getFirst()));
      both.add(new Entry(row.row(), row.id() + "." + negative, sides.getLast()));
    }
    return both;
  }

  /** Each of some values twice, as both examples of a row have it. */
  static <T> List<T> twice(List<T> values) {
    return values.stream().flatMap(value -> Stream.of(value, value)).toList();
  }

  /**
   * The labels of the examples of some rows.
   *
   * @param rows of the file, in the order in which {@link #both} takes them
   */
  Labels labels(List<Entry> rows) {
    boolean[] first = new boolean[2 * rows.size()];
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < first.length; i++) {
      first[i] = i % 2 == 0;
      classes.add(first[i] ? positive : negative);
    }
    return new Labels(
        IntStream.range(0, first.length).toArray(),
        Optional.of(Targets.binary(first, positive, negative)),
        classes,
        twice(rows.stream().map(Entry::id).toList()),
        List.of());
  }
}
