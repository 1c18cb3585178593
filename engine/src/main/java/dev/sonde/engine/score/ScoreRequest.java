package dev.sonde.engine.score;

import dev.sonde.engine.experiment.Experiment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is scored.
 *
 * @param probes cards, their tensors, or folders of runs
 * @param experiment the model and the data
 * @param format of the data; empty to go by the file's name
 * @param answer a column whose text follows the prompt, and whose tokens alone count
 * @param assistant whether only the turns of the model in conversations count
 * @param tokens whether a score a token is wanted
 * @param aggregate how tokens become a text's score; empty for the probe's own reading
 * @param above a threshold; empty for that of {@code rate}
 * @param rate the false-positive rate whose threshold flags
 * @param anyway whether another model or tokenizer than the probe's is allowed
 * @param labels what is known of the rows; empty where nothing is
 */
public record ScoreRequest(
    List<Path> probes,
    Experiment experiment,
    Optional<String> format,
    Optional<String> answer,
    boolean assistant,
    boolean tokens,
    Optional<TokenAggregate> aggregate,
    OptionalDouble above,
    double rate,
    boolean anyway,
    Optional<Labelled> labels) {
  /** A request with its list copied. */
  public ScoreRequest {
    probes = List.copyOf(probes);
  }

  /**
   * Labels of the rows.
   *
   * @param column with the label
   * @param positive the label of the positive class; every other is the negative one
   * @param group the column with the group; empty where each row is one
   */
  public record Labelled(String column, String positive, Optional<String> group) {}

  /** The tokens that count, in a word. */
  String over() {
    return answer.isPresent() ? "answer" : assistant ? "assistant" : "all";
  }
}
