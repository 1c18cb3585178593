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
 * @param awaited by probe, how it reads labels from a column that an earlier probe makes
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
    Map<String, LabelRule> awaited,
    List<String> groups,
    Optional<int[]> handMadeSplit,
    List<String> remarks) {

  /** A data set with its lists copied. */
  public Dataset {
    entries = List.copyOf(entries);
    ofProbes = Map.copyOf(ofProbes);
    awaited = Map.copyOf(awaited);
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
   * The examples that a probe's question is about, with its labels. As long as they come from a
   * column that an earlier probe has not made yet, all are of one value.
   *
   * @param fed all of them
   * @throws dev.sonde.api.InvalidInputException if such a column was made and its values are no
   *     labels, as all are the same, say
   */
  public LabelledStudy asked(LabelledStudy fed, String probe) {
    return fed.asked(labels(probe));
  }

  private Labels labels(String probe) {
    LabelRule rule = awaited.get(probe);
    return rule == null ? ofProbes.getOrDefault(probe, labels) : rule.ofMade(entries);
  }

  /** The rows that a probe's question is about; empty where they are all. */
  public Optional<int[]> rows(String probe) {
    int[] rows = labels(probe).rows();
    return rows.length == entries.size() ? Optional.empty() : Optional.of(rows.clone());
  }

  /**
   * The same rows with further columns.
   *
   * @param more by the id of a row
   */
  public Dataset with(Map<String, Map<String, Object>> more) {
    return new Dataset(
        name,
        source,
        entries.stream()
            .map(
                entry ->
                    new Entry(
                        entry.row().with(more.getOrDefault(entry.id(), Map.of())),
                        entry.id(),
                        entry.fed()))
            .toList(),
        labels,
        ofProbes,
        awaited,
        groups,
        handMadeSplit,
        remarks);
  }
}
