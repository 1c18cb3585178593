package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.probe.influence.curvature.Curvature;
import dev.sonde.probe.influence.curvature.CurvatureFit;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.Gradients;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.LossLabels;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Computes shards of {@link Scoring}. */
public final class DocumentScoring {
  private final ShardContext context;
  private final InfluencePlan plan;
  private final ScoreSettings settings;
  private final Gradients gradients;
  private final LinearAlgebra algebra;
  private final List<BitSet> subsets;
  private Optional<Held> held = Optional.empty();

  /** Queries that are held from one shard to the next, since they are dear to precondition. */
  private record Held(
      int fit, int[] range, PreparedQueries queries, Optional<Similarity> similar) {}

  /**
   * Scores the documents of a plan in one context.
   *
   * @param subsets of the documents, over which scores are summed
   */
  public DocumentScoring(
      ShardContext context,
      InfluencePlan plan,
      ScoreSettings settings,
      Gradients gradients,
      LinearAlgebra algebra,
      List<BitSet> subsets) {
    this.context = context;
    this.plan = plan;
    this.settings = settings;
    this.gradients = gradients;
    this.algebra = algebra;
    this.subsets = subsets;
  }

  /**
   * A shard of {@link Scoring#SCORES}.
   *
   * @param fit the fit that the scores rest on
   */
  public Artifact scores(Artifact input, CurvatureFit fit) {
    int[] queries = ShardSummary.range(input, ShardSummary.QUERIES);
    int[] range = ShardSummary.range(input, ShardSummary.DOCUMENTS);
    List<TokenizedText> documents = plan.documents().subList(range[0], range[1]);
    int number = fit.task().number();
    Held held = held(queries, fit);
    ScoreSums sums =
        ScoreSums.none(
            documents.size(),
            held.queries.side().width(),
            settings.modules() ? plan.linears().size() : 0,
            queries[1] - queries[0]);
    List<Curvature> curvatures = settings.self() ? curvatures(fit) : List.of();
    gradients.each(
        documents,
        LossLabels.DATA,
        rows -> {
          held.queries.side().score(rows, sums, algebra);
          held.similar.ifPresent(similar -> similar.score(rows, sums.similarities(), algebra));
          if (!curvatures.isEmpty()) {
            Curvature own = curvatures.get(rows.linear());
            double[] self = own.selfScores(rows, settings.first().dampingOf(own), algebra);
            for (int place = 0; place < self.length; place++) {
              ScoreSums.add(sums.self(), rows.items()[place], self[place]);
            }
          }
        });
    int[] tokens = documents.stream().mapToInt(TokenizedText::predicted).toArray();
    return new ShardSummary(plan.shape(settings, number, subsets.size()), subsets)
        .of(
            queries,
            range,
            tokens,
            sums,
            held.queries,
            settings.variants(number),
            settings.self(),
            settings.full());
  }

  /** Each linear's curvature in the first variant. */
  private List<Curvature> curvatures(CurvatureFit fit) {
    return fit.fitted(context).stream()
        .map(factors -> factors.curvature(settings.first().strategy(), algebra))
        .toList();
  }

  private Held held(int[] range, CurvatureFit fit) {
    int number = fit.task().number();
    Optional<Held> same = held.filter(own -> own.fit == number && Arrays.equals(own.range, range));
    if (same.isPresent()) {
      return same.get();
    }
    held = Optional.empty(); // before the next are made: both together may not fit
    List<TokenizedText> queries = plan.queries().subList(range[0], range[1]);
    QueryPreconditioner preconditioner = preconditioner(fit, settings.variants(number));
    int rank = settings.rank(plan.linears());
    PreparedQueries prepared =
        rank > 0
            ? PreparedQueries.reduced(queries, preconditioner, rank, plan.demand(), algebra)
            : PreparedQueries.whole(queries, preconditioner, plan.demand());
    Optional<Similarity> similar =
        settings.methods(number).contains(Method.SIMILARITY)
            ? Optional.of(Similarity.to(queries, gradients, algebra))
            : Optional.empty();
    Held made = new Held(number, range, prepared, similar);
    held = Optional.of(made);
    return made;
  }

  /** Gives up the queries that are held. */
  public void release() {
    held = Optional.empty();
  }

  private QueryPreconditioner preconditioner(CurvatureFit fit, List<ScoringVariant> variants) {
    FisherProduct fisher =
        new FisherProduct(gradients, plan.fitted(), fit.task().labels(), plan.demand(), algebra);
    return new QueryPreconditioner(
        gradients, fit.fitted(context), variants, algebra, fisher, settings.solver());
  }

  /** A shard of {@link Scoring#MARKS}: per document {@code [1, tokens]} float64, by its place. */
  public Artifact marks(Artifact input, CurvatureFit fit) {
    TokenizedText query = plan.queries().get((int) input.integers("query")[0]);
    List<TokenizedText> documents =
        Arrays.stream(input.integers("documents"))
            .mapToObj(document -> plan.documents().get((int) document))
            .toList();
    List<double[]> marks = marks(fit, query, documents);
    Artifact artifact = Artifact.empty();
    for (int place = 0; place < marks.size(); place++) {
      artifact =
          artifact.with(
              String.valueOf(place),
              Matrix.of(Matrix.Type.FLOAT64, new double[][] {marks.get(place)}));
    }
    return artifact;
  }

  private List<double[]> marks(
      CurvatureFit fit, TokenizedText query, List<TokenizedText> documents) {
    List<Matrix> stacks =
        preconditioner(fit, List.of(settings.first())).preconditioned(List.of(query)).stacks();
    List<double[]> marks = new ArrayList<>();
    documents.forEach(document -> marks.add(new double[document.tokens().length]));
    gradients.each(
        documents,
        LossLabels.DATA,
        rows -> {
          LinearModule linear = plan.linears().get(rows.linear());
          Matrix conditioned =
              FloatMatrices.shaped(stacks.get(rows.linear()), 0, linear.out(), linear.in());
          Matrix pulled = algebra.multiply(rows.gradients(), conditioned);
          for (int place = 0; place < rows.count(); place++) {
            int start = rows.starts()[place];
            double[] own = marks.get(rows.items()[place]);
            for (int t = 0; t < own.length; t++) {
              int row = start + t;
              own[t] +=
                  FloatMatrices.dot(pulled.rows(row, row + 1), rows.inputs().rows(row, row + 1));
            }
          }
        });
    return marks;
  }
}
