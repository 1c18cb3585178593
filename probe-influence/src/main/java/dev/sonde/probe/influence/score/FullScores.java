package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.influence.read.FloatMatrices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * All scores, mapped from the shards that computed them; none where they are not asked for.
 *
 * @param variants of which they are
 * @param queries how many
 * @param documents how many
 * @param shards what computed them
 */
public record FullScores(
    List<ScoringVariant> variants, int queries, int documents, List<Shard> shards) {

  /**
   * A shard.
   *
   * @param queries the range of its queries
   * @param documents the range of its documents
   * @param scores holds {@code [documents, variants * queries]}
   */
  record Shard(int[] queries, int[] documents, Artifact scores) {}

  /** The ranges of documents that stand together, by the first of each. */
  public SequencedMap<Integer, Integer> ranges() {
    SequencedMap<Integer, Integer> ranges = new LinkedHashMap<>();
    shards.forEach(shard -> ranges.put(shard.documents[0], shard.documents[1]));
    return ranges;
  }

  /** Scores as kronfluence has them, of all documents: {@code [queries, documents]} float32. */
  Matrix table(int variant) {
    return table(variant, 0, documents);
  }

  /** The same of some documents. */
  public Matrix table(int variant, int from, int to) {
    return gathered(ShardSummary.FULL, variant, from, to);
  }

  /** A linear's part of the first variant's scores. */
  public Matrix ofLinear(int linear, int from, int to) {
    return gathered(ShardSummary.FULL + "." + linear, 0, from, to);
  }

  private Matrix gathered(String tensor, int variant, int from, int to) {
    Matrix table = FloatMatrices.zeros(queries, to - from);
    for (Shard shard : shards) {
      int some = shard.queries[1] - shard.queries[0];
      Matrix own = shard.scores.tensor(tensor);
      int end = Math.min(to, shard.documents[1]);
      for (int d = Math.max(from, shard.documents[0]); d < end; d++) {
        for (int q = 0; q < some; q++) {
          double score = own.get(d - shard.documents[0], variant * some + q);
          table.set(shard.queries[0] + q, d - from, score);
        }
      }
    }
    return table;
  }
}
