package dev.sonde.probe.influence.score;

import dev.sonde.probe.influence.curvature.Strategy;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was planned and what it gave.
 *
 * @param plan documents, queries and linears
 * @param settings how they were scored
 * @param scores what is held of the scores
 * @param words the documents by the words that they share with each query; empty where that was not
 *     asked for
 */
public record ScoredDocuments(
    InfluencePlan plan, ScoreSettings settings, InfluenceScores scores, Optional<Rankings> words) {

  /** The queries. */
  public List<TokenizedText> queries() {
    return plan.queries();
  }

  /** The documents. */
  public List<TokenizedText> documents() {
    return plan.documents();
  }

  /** The linears. */
  public List<LinearModule> linears() {
    return plan.linears();
  }

  /** The reported rankings. */
  public Rankings rankings() {
    return scores.first();
  }

  /** All rankings, the reported ones first, those by words last. */
  public List<Rankings> all() {
    return Stream.concat(scores.rankings().stream(), words.stream()).toList();
  }

  /** The rankings of a method, where there are any. */
  public Optional<Rankings> by(Method method) {
    return all().stream().filter(each -> each.method().equals(method)).findFirst();
  }

  /** The reported method without curvature, where that is another one and was computed. */
  public Optional<Rankings> withoutCurvature() {
    Method reported = rankings().method();
    if (reported.name().equals(Strategy.IDENTITY.word())) {
      return Optional.empty();
    }
    return all().stream()
        .filter(
            each ->
                each.method().variant().filter(v -> v.strategy() == Strategy.IDENTITY).isPresent()
                    && (each.method().normalisation() == reported.normalisation()
                        || (reported.normalisation() == Normalisation.COSINE
                            && each.method().normalisation() == Normalisation.GRAD_NORM)))
        .findFirst();
  }
}
