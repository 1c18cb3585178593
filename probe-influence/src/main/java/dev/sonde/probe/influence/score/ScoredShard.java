package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.influence.read.LinearModule;
import java.util.Arrays;
import java.util.List;

/**
 * What some documents score for some queries.
 *
 * @param queries the indices of the first query and of the one behind the last
 * @param documents likewise
 * @param sums the scores of these documents, variant by variant and query by query
 * @param queryNorms squared norms of the queries' preconditioned gradients, {@code [1, variants *
 *     queries]}
 */
record ScoredShard(int[] queries, int[] documents, ScoreSums sums, Matrix queryNorms) {
  /** The range of queries, in a shard's input and its result. */
  static final String QUERIES = "queries";

  /** The range of documents, likewise. */
  static final String DOCUMENTS = "documents";

  private static final String VALUES = "scores";
  private static final String DOCUMENT_NORMS = "squared_norms.documents";
  private static final String QUERY_NORMS = "squared_norms.queries";
  private static final String SELF = "self";
  private static final String MODULE = "module.";

  /** As an artifact holds them. */
  static ScoredShard in(Artifact artifact, List<LinearModule> linears, ScoreSettings settings) {
    return new ScoredShard(
        range(artifact, QUERIES),
        range(artifact, DOCUMENTS),
        new ScoreSums(
            artifact.tensor(VALUES),
            artifact.tensor(DOCUMENT_NORMS),
            artifact.tensor(SELF),
            settings.modules()
                ? linears.stream().map(l -> artifact.tensor(MODULE + l.module())).toList()
                : List.of()),
        artifact.tensor(QUERY_NORMS));
  }

  /** The first index of a range and the one behind its last. */
  static int[] range(Artifact artifact, String name) {
    return Arrays.stream(artifact.integers(name)).mapToInt(Math::toIntExact).toArray();
  }

  Artifact artifact(List<LinearModule> linears) {
    Artifact artifact =
        Artifact.empty()
            .with(QUERIES, queries[0], queries[1])
            .with(DOCUMENTS, documents[0], documents[1])
            .with(VALUES, sums.values())
            .with(DOCUMENT_NORMS, sums.squaredNorms())
            .with(QUERY_NORMS, queryNorms)
            .with(SELF, sums.self());
    for (int i = 0; i < sums.linears().size(); i++) {
      artifact = artifact.with(MODULE + linears.get(i).module(), sums.linears().get(i));
    }
    return artifact;
  }
}
