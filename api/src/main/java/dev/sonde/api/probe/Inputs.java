package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Study;
import java.util.List;

/** What a probe works on: the models and data sets of its experiment. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public interface Inputs {
  /** The main model. */
  Model model();

  /** The names of the experiment's further models. */
  default List<String> models() {
    return List.of();
  }

  /**
   * A further model.
   *
   * @throws InvalidInputException if the experiment has none of that name
   */
  default Model model(String name) {
    throw new InvalidInputException(
        "the experiment has no further model '%s'; there are %s".formatted(name, models()));
  }

  /**
   * The main data set. Where the probe is asked about a column that an earlier probe makes, its
   * labels are not known before the run: until then all have the same value.
   */
  Study study();

  /** The names of the experiment's further data sets. */
  default List<String> sets() {
    return List.of();
  }

  /**
   * A further data set.
   *
   * @throws InvalidInputException if the experiment has none of that name
   */
  default Study study(String set) {
    throw new InvalidInputException(
        "the experiment has no data set '%s'; there are %s".formatted(set, sets()));
  }
}
