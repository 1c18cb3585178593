package dev.sonde.probe.influence.score;

import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.influence.curvature.FitTask;
import dev.sonde.probe.influence.read.ShardedStage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Has every document scored for every query and puts the scores together. A shard is some queries
 * that are held at once and some documents; {@link DocumentScoring} computes it.
 */
public final class Scoring {
  /** The stage of scores. */
  public static final String SCORES = "scores";

  /** The stage of what single tokens contribute. */
  public static final String MARKS = "marks";

  private static final int VERSION = 2;

  private final ProbeContext context;
  private final InfluencePlan plan;
  private final ScoreSettings settings;
  private final List<BitSet> subsets;

  /**
   * Asks a run for the scores of a plan.
   *
   * @param subsets of the documents, over which scores are summed
   */
  public Scoring(
      ProbeContext context, InfluencePlan plan, ScoreSettings settings, List<BitSet> subsets) {
    this.context = context;
    this.plan = plan;
    this.settings = settings;
    this.subsets = subsets;
  }

  /**
   * The scores in each way.
   *
   * @param task the fit that they rest on
   * @param nats per query {@code −log P(completion)}
   */
  public InfluenceScores score(FitTask task, double[] nats) {
    SummaryMerge merge =
        new SummaryMerge(
            plan.shape(settings, task.number(), subsets.size()),
            settings.variants(task.number()),
            settings.modules() ? plan.linears().size() : 0,
            settings.self());
    ShardedStage.compute(context, task.stage(SCORES), VERSION, inputs(task))
        .values()
        .forEach(merge::add);
    long training = settings.training().orElse(plan.documents().size());
    return merge.scores(new ScoreUnits(nats, training));
  }

  private SequencedMap<String, Artifact> inputs(FitTask task) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    int queries = plan.queries().size();
    int documents = plan.documents().size();
    int atOnce = plan.demand().queriesAtOnce();
    for (int first = 0; first < queries; first += atOnce) {
      for (int from = 0; from < documents; from += settings.shard()) {
        inputs.put(
            "queries-%d-documents-%d".formatted(first, from),
            Artifact.empty()
                .with("fit", task.number())
                .with(ShardSummary.QUERIES, first, Math.min(first + atOnce, queries))
                .with(ShardSummary.DOCUMENTS, from, Math.min(from + settings.shard(), documents)));
      }
    }
    return inputs;
  }

  /**
   * What each token of some documents contributes to their scores for a query in the first variant;
   * the sum over the tokens is the score.
   *
   * @param documents the indices of some documents, by the index of the query
   * @return per document of each query one number a token
   */
  public Map<Integer, List<double[]>> marks(FitTask task, SequencedMap<Integer, int[]> documents) {
    SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
    documents.forEach(
        (query, some) ->
            inputs.put(
                "query-" + query,
                Artifact.empty()
                    .with("fit", task.number())
                    .with("query", query)
                    .with("documents", IntStream.of(some).asLongStream().toArray())));
    List<Artifact> found =
        List.copyOf(ShardedStage.compute(context, task.stage(MARKS), VERSION, inputs).values());
    Map<Integer, List<double[]>> marks = new LinkedHashMap<>();
    for (Map.Entry<Integer, int[]> each : documents.entrySet()) {
      Artifact own = found.get(marks.size());
      List<double[]> tokens = new ArrayList<>();
      for (int place = 0; place < each.getValue().length; place++) {
        tokens.add(own.tensor(String.valueOf(place)).row(0));
      }
      marks.put(each.getKey(), tokens);
    }
    return marks;
  }
}
