package dev.sonde.engine.data;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Targets;
import java.util.List;
import java.util.Optional;

/**
 * A data set in memory.
 *
 * @param source where it came from
 * @param handMadeSplit per example 0 for training and 1 for test, where the experiment names a
 *     split column
 * @param remarks what a reader of the results should know of the rows
 */
public record LabelledStudy(
    String name,
    DataSource source,
    List<Example> examples,
    Optional<Targets> targets,
    List<String> groups,
    Optional<int[]> handMadeSplit,
    List<String> remarks)
    implements Study {

  /** A study with its lists copied. */
  public LabelledStudy {
    examples = List.copyOf(examples);
    groups = List.copyOf(groups);
    remarks = List.copyOf(remarks);
  }
}
