package dev.sonde.probe.influence.score;

import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.List;

/**
 * What was planned and what it gave.
 *
 * @param plan documents, queries and linears
 * @param settings how they were scored
 * @param scores those of each variant of the settings, in their order
 */
public record ScoredDocuments(
    InfluencePlan plan, ScoreSettings settings, List<InfluenceScores> scores) {

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

  /** The scores that are reported. */
  public InfluenceScores first() {
    return scores.getFirst();
  }

  /** The documents in the order of the reported scores. */
  public Rankings rankings() {
    return Rankings.of(first(), settings.normalisation());
  }

  /** The documents in the order of the words that they share with each query. */
  public Rankings rankingsByWords() {
    return Bm25.rankings(documents(), queries());
  }
}
