package dev.sonde.engine.data;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A data set in memory.
 *
 * @param source where it came from
 * @param handMadeSplit per example 0 for training and 1 for test, where the experiment names a
 *     split column
 * @param classes the label of each example as it is written; empty where labels are graded, or
 *     there are none
 * @param pairs of contrast pairs the name of each example's pair, which two examples share, one of
 *     each label; empty where examples are no pairs
 * @param remarks what a reader of the results should know of the rows
 */
public record LabelledStudy(
    String name,
    DataSource source,
    List<Example> examples,
    Optional<Targets> targets,
    List<String> groups,
    Optional<int[]> handMadeSplit,
    List<String> classes,
    List<String> pairs,
    List<String> remarks)
    implements Study {

  /** A study whose examples are no pairs. */
  public LabelledStudy(
      String name,
      DataSource source,
      List<Example> examples,
      Optional<Targets> targets,
      List<String> groups,
      Optional<int[]> handMadeSplit,
      List<String> classes,
      List<String> remarks) {
    this(name, source, examples, targets, groups, handMadeSplit, classes, List.of(), remarks);
  }

  /** A study whose labels have no further classes. */
  public LabelledStudy(
      String name,
      DataSource source,
      List<Example> examples,
      Optional<Targets> targets,
      List<String> groups,
      Optional<int[]> handMadeSplit,
      List<String> remarks) {
    this(name, source, examples, targets, groups, handMadeSplit, List.of(), List.of(), remarks);
  }

  /** A study with its lists copied. */
  public LabelledStudy {
    examples = List.copyOf(examples);
    groups = List.copyOf(groups);
    classes = List.copyOf(classes);
    pairs = List.copyOf(pairs);
    remarks = List.copyOf(remarks);
  }

  /** The rows that a question is about, with its labels. */
  LabelledStudy asked(Labels labels) {
    List<String> all = new ArrayList<>(remarks);
    all.addAll(labels.remarks());
    int[] rows = labels.rows();
    return new LabelledStudy(
        name,
        source,
        IntStream.of(rows).mapToObj(examples::get).toList(),
        labels.targets(),
        IntStream.of(rows).mapToObj(groups::get).toList(),
        handMadeSplit.map(sides -> IntStream.of(rows).map(row -> sides[row]).toArray()),
        labels.classes(),
        labels.pairs(),
        all);
  }
}
