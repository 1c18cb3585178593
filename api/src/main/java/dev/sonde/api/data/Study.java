package dev.sonde.api.data;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.evaluate.Targets;
import java.util.List;
import java.util.Optional;

/** A data set as an experiment uses it: which column is the prompt, the label, the group. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public interface Study {
  /** The name in the experiment; {@code data} for the main one. */
  String name();

  /** The rows in file order. */
  List<Example> examples();

  /** The labels, one per example; empty where the experiment names no label column. */
  Optional<Targets> targets();

  /**
   * The group of each example; rows of one group never stand on both sides of a split. Without a
   * group column each row is a group of its own.
   */
  List<String> groups();

  /** Number of examples. */
  default int size() {
    return examples().size();
  }
}
