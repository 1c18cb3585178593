package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What every document scores for every query.
 *
 * @param values {@code [queries, documents]} float32: estimated change of log P(completion) in nats
 *     per weight of the document, up to one factor for all
 * @param documentNorms of the documents' gradients; empty where they were not formed
 * @param queryNorms of the queries' preconditioned gradients
 * @param nats the queries' {@code −log P(completion)}
 * @param self what each document scores for itself; empty where that was not asked for
 * @param linears per linear its part of {@code values}; empty where that was not asked for
 */
public record InfluenceScores(
    Matrix values,
    double[] documentNorms,
    double[] queryNorms,
    double[] nats,
    double[] self,
    List<Matrix> linears) {

  /** Below this −log P is rounding: float32 has 1e-7 of a logit, and a completion some tokens. */
  private static final double FEWEST_NATS = 1e-6;

  /** Number of queries. */
  public int queries() {
    return values.rows();
  }

  int documents() {
    return values.columns();
  }

  /** The scores of one query, per nat of its completion. */
  public double[] perNat(int query, Normalisation normalisation) {
    double[] scores = values.row(query);
    for (int document = 0; document < scores.length; document++) {
      double norm = documentNorms.length == 0 ? 0 : documentNorms[document];
      double score = normalisation.of(scores[document], norm, queryNorms[query]);
      scores[document] = score / Math.max(nats[query], FEWEST_NATS);
    }
    return scores;
  }

  /** Indices of documents, the highest score first; of equal ones the earlier first. */
  public static int[] ranking(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -scores[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
