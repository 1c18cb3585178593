package dev.sonde.engine.data;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import java.util.List;
import java.util.Optional;

/**
 * A data set, read and checked as far as that needs no model.
 *
 * @param source where it came from
 * @param entries the rows that are used
 * @param targets see {@link LabelledStudy}
 * @param groups see {@link LabelledStudy}
 * @param handMadeSplit see {@link LabelledStudy}
 * @param remarks see {@link LabelledStudy}
 */
public record Dataset(
    String name,
    DataSource source,
    List<Entry> entries,
    Optional<Targets> targets,
    List<String> groups,
    Optional<int[]> handMadeSplit,
    List<String> remarks) {

  /** A data set with its lists copied. */
  public Dataset {
    entries = List.copyOf(entries);
    groups = List.copyOf(groups);
    remarks = List.copyOf(remarks);
  }

  /** A row with what is fed of it. */
  record Entry(Columns row, String id, Prompt.Fed fed) {}

  /**
   * The examples as the model is fed them.
   *
   * @param chat renders conversations; not asked where the rows hold texts
   * @throws dev.sonde.api.InvalidInputException naming file and line of a conversation that cannot
   *     be rendered
   */
  public LabelledStudy study(Chat chat) {
    return new LabelledStudy(
        name,
        source,
        entries.stream()
            .<Example>map(entry -> entry.fed().example(entry.row(), entry.id(), chat))
            .toList(),
        targets,
        groups,
        handMadeSplit,
        remarks);
  }
}
