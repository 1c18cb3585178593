package dev.sonde.engine.data;

import dev.sonde.api.data.Example;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A data set, read and checked as far as that needs no model.
 *
 * @param source where it came from
 * @param entries the rows that are used
 * @param labels of the question of {@code data}
 * @param ofProbes of the questions that probes ask of their own, by the probe's name
 * @param groups see {@link LabelledStudy}
 * @param handMadeSplit see {@link LabelledStudy}
 * @param remarks see {@link LabelledStudy}
 */
public record Dataset(
    String name,
    DataSource source,
    List<Entry> entries,
    Labels labels,
    Map<String, Labels> ofProbes,
    List<String> groups,
    Optional<int[]> handMadeSplit,
    List<String> remarks) {

  /** A data set with its lists copied. */
  public Dataset {
    entries = List.copyOf(entries);
    ofProbes = Map.copyOf(ofProbes);
    groups = List.copyOf(groups);
    remarks = List.copyOf(remarks);
  }

  /** A row with what is fed of it. */
  record Entry(Columns row, String id, Prompt.Fed fed) {}

  /**
   * All examples as the model is fed them, without labels.
   *
   * @param chat renders conversations; not asked where the rows hold texts
   * @throws dev.sonde.api.InvalidInputException naming file and line of a conversation that cannot
   *     be rendered
   */
  public LabelledStudy fed(Chat chat) {
    return new LabelledStudy(
        name,
        source,
        entries.stream()
            .<Example>map(entry -> entry.fed().example(entry.row(), entry.id(), chat))
            .toList(),
        Optional.empty(),
        groups,
        handMadeSplit,
        remarks);
  }

  /** The examples and labels of {@code data}'s own question; see {@link #fed}. */
  public LabelledStudy study(Chat chat) {
    return fed(chat).asked(labels);
  }

  /**
   * The examples that a probe's question is about, with its labels.
   *
   * @param fed all of them
   */
  public LabelledStudy asked(LabelledStudy fed, String probe) {
    return fed.asked(ofProbes.getOrDefault(probe, labels));
  }

  /** The rows that a probe's question is about; empty where they are all. */
  public Optional<int[]> rows(String probe) {
    int[] rows = ofProbes.getOrDefault(probe, labels).rows();
    return rows.length == entries.size() ? Optional.empty() : Optional.of(rows.clone());
  }
}
