package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.influence.curvature.FitTask;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.ShardedStage;
import java.util.ArrayList;
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

  private static final int VERSION = 1;

  private final ProbeContext context;
  private final InfluencePlan plan;
  private final ScoreSettings settings;

  /** Asks a run for the scores of a plan. */
  public Scoring(ProbeContext context, InfluencePlan plan, ScoreSettings settings) {
    this.context = context;
    this.plan = plan;
    this.settings = settings;
  }

  /**
   * The scores in each variant.
   *
   * @param task the fit that they rest on
   * @param nats per query {@code −log P(completion)}
   */
  public List<InfluenceScores> score(FitTask task, double[] nats) {
    Merged merged = new Merged(settings.variants(task.number()).size());
    ShardedStage.compute(context, task.stage(SCORES), VERSION, inputs(task))
        .values()
        .forEach(merged::add);
    return merged.scores(nats);
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
                .with(ScoredShard.QUERIES, first, Math.min(first + atOnce, queries))
                .with(ScoredShard.DOCUMENTS, from, Math.min(from + settings.shard(), documents)));
      }
    }
    return inputs;
  }

  /** The scores of all shards so far. */
  private final class Merged {
    private final List<Matrix> values;
    private final List<Matrix> modules;
    private final double[] documentNorms;
    private final double[] self;
    private final double[][] queryNorms;

    Merged(int variants) {
      int queries = plan.queries().size();
      int documents = plan.documents().size();
      this.values = tables(variants);
      this.modules = tables(settings.modules() ? plan.linears().size() : 0);
      this.documentNorms = new double[settings.queryRank() > 0 ? 0 : documents];
      this.self = new double[settings.self() ? documents : 0];
      this.queryNorms = new double[variants][queries];
    }

    private List<Matrix> tables(int count) {
      int queries = plan.queries().size();
      int documents = plan.documents().size();
      return IntStream.range(0, count)
          .mapToObj(i -> FloatMatrices.zeros(queries, documents))
          .toList();
    }

    void add(Artifact shard) {
      ScoredShard found = ScoredShard.in(shard, plan.linears(), settings);
      int first = found.queries()[0];
      int some = found.queries()[1] - first;
      int from = found.documents()[0];
      for (int v = 0; v < values.size(); v++) {
        turn(found.sums().values(), v * some, some, values.get(v), first, from);
        for (int q = 0; q < some; q++) {
          queryNorms[v][first + q] = Math.sqrt(found.queryNorms().get(0, v * some + q));
        }
      }
      for (int i = 0; i < modules.size(); i++) {
        turn(found.sums().linears().get(i), 0, some, modules.get(i), first, from);
      }
      for (int document = from; document < found.documents()[1]; document++) {
        if (documentNorms.length > 0) {
          documentNorms[document] = Math.sqrt(found.sums().squaredNorms().get(document - from, 0));
        }
        if (self.length > 0) {
          self[document] = found.sums().self().get(document - from, 0);
        }
      }
    }

    /** Puts columns of {@code [documents, queries]} as rows into {@code [queries, documents]}. */
    private static void turn(
        Matrix scores, int column, int columns, Matrix into, int row, int firstDocument) {
      for (int q = 0; q < columns; q++) {
        for (int d = 0; d < scores.rows(); d++) {
          into.set(row + q, firstDocument + d, scores.get(d, column + q));
        }
      }
    }

    List<InfluenceScores> scores(double[] nats) {
      return IntStream.range(0, values.size())
          .mapToObj(
              v ->
                  new InfluenceScores(
                      values.get(v),
                      documentNorms,
                      queryNorms[v],
                      nats,
                      v == 0 ? self : new double[0],
                      v == 0 ? modules : List.of()))
          .toList();
    }
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
