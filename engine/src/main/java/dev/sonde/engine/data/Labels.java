package dev.sonde.engine.data;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.data.Dataset.Entry;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the rows of a data set are labelled with, as one question asks.
 *
 * @param rows the rows that the question is about, ascending, among those of the data set
 * @param targets one per row of {@code rows}; empty where no labels were named
 * @param classes the label of each row of {@code rows} as it is written; empty where labels are
 *     graded or not named
 * @param pairs of contrast pairs the name of each row's pair; empty where rows are no pairs
 * @param remarks what a reader should know of how labels were taken
 */
record Labels(
    int[] rows,
    Optional<Targets> targets,
    List<String> classes,
    List<String> pairs,
    List<String> remarks) {
  Labels {
    classes = List.copyOf(classes);
    pairs = List.copyOf(pairs);
    remarks = List.copyOf(remarks);
  }

  /** Labels of rows that are no pairs. */
  Labels(int[] rows, Optional<Targets> targets, List<String> classes, List<String> remarks) {
    this(rows, targets, classes, List.of(), remarks);
  }

  /** No labels. */
  static Labels none(List<Entry> entries) {
    int[] rows = IntStream.range(0, entries.size()).toArray();
    return new Labels(rows, Optional.empty(), List.of(), List.of());
  }

  /** Labels of all rows that are not known yet, each the same. */
  static Labels awaited(List<Entry> entries, boolean classes) {
    int[] rows = none(entries).rows();
    Targets targets =
        classes ? Targets.binary(new boolean[rows.length]) : Targets.real(new double[rows.length]);
    return new Labels(rows, Optional.of(targets), List.of(), List.of());
  }
}
