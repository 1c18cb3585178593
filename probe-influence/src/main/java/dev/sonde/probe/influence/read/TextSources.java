package dev.sonde.probe.influence.read;

import dev.sonde.api.config.Config;
import java.util.List;
import java.util.Optional;

/**
 * Where documents and queries are, and how they are read.
 *
 * @param documents the set with the documents
 * @param queries the set with the queries, whose text is the prompt
 * @param completion the queries' column with the completion
 * @param keep conditions {@code column=value} that a document meets or has no such column for
 * @param lossFrom the documents' column with the character from which on they were trained on
 * @param endToken whether the model's end token followed each document
 */
public record TextSources(
    String documents,
    String queries,
    String completion,
    List<String> keep,
    Optional<String> lossFrom,
    boolean endToken) {

  /** As configured. */
  public static TextSources of(Config config) {
    List<String> keep = config.strings("keep");
    for (String condition : keep) {
      if (!condition.contains("=")) {
        throw config.error("keep", "'%s' is not column=value".formatted(condition));
      }
    }
    return new TextSources(
        config.string("documents"),
        config.string("queries"),
        config.string("completion"),
        keep,
        config.has("loss_from") ? Optional.of(config.string("loss_from")) : Optional.empty(),
        config.flag("end_token"));
  }
}
