package dev.sonde.api.data;

import dev.sonde.api.ApiStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One row of a data set. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public interface Example {
  /** Its id, unique within the study: the column {@code id}, else the row number. */
  String id();

  /** The prompt, exactly as it is tokenized. */
  String text();

  /**
   * Whether the tokenizer adds its special tokens to the prompt; not where a chat template has
   * written them into it.
   */
  default boolean specialTokens() {
    return true;
  }

  /** Whether the row has a value in that column. */
  boolean has(String column);

  /** The names of the row's columns. */
  Set<String> columns();

  /**
   * A column as text; numbers as written.
   *
   * @throws dev.sonde.api.InvalidInputException naming file, line and column if there is no value
   */
  String text(String column);

  /**
   * A column as a number, if it has one.
   *
   * @throws dev.sonde.api.InvalidInputException naming file, line and column if it is no number
   */
  Optional<Double> number(String column);

  /**
   * A column that holds a list of texts; a single value is a list of one.
   *
   * @throws dev.sonde.api.InvalidInputException naming file, line and column if there is no value
   */
  List<String> texts(String column);
}
