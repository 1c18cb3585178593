package dev.sonde.probe.influence;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Scores every document for every query: some queries at once, some documents a stage. */
final class Scoring {
  /** Matrices of a stage before those of single linears. */
  private static final int PARTS = 4;

  private final Gradients gradients;
  private final List<Linear> linears;
  private final LinearAlgebra algebra;
  private final Stages stages;
  private final InfluenceSettings settings;
  private final Demand demand;
  private final LongConsumer scored;

  /**
   * Scores as settings and demand say.
   *
   * @param scored is told how many documents were scored
   */
  Scoring(
      Gradients gradients,
      List<Linear> linears,
      LinearAlgebra algebra,
      Stages stages,
      InfluenceSettings settings,
      Demand demand,
      LongConsumer scored) {
    this.gradients = gradients;
    this.linears = linears;
    this.algebra = algebra;
    this.stages = stages;
    this.settings = settings;
    this.demand = demand;
    this.scored = scored;
  }

  /**
   * The scores in each variant.
   *
   * @param name of the stages
   * @param nats per query
   */
  List<ScoreTable> score(
      String name,
      List<Variant> variants,
      List<Factors> factors,
      List<Item> queries,
      List<Item> documents,
      double[] nats) {
    int count = queries.size();
    List<Matrix> values = variants.stream().map(v -> Cells.zeros(count, documents.size())).toList();
    List<Matrix> modules =
        settings.shown().modules()
            ? linears.stream().map(l -> Cells.zeros(count, documents.size())).toList()
            : List.of();
    double[] documentNorms = new double[settings.queryRank() > 0 ? 0 : documents.size()];
    double[] self = new double[settings.shown().self() ? documents.size() : 0];
    double[][] queryNorms = new double[variants.size()][count];
    int atOnce = demand.queriesAtOnce();
    for (int first = 0; first < count; first += atOnce) {
      List<Item> some = queries.subList(first, Math.min(first + atOnce, count));
      Prepared prepared = new Prepared(some, variants, factors);
      for (int from = 0; from < documents.size(); from += settings.shard()) {
        List<Item> shard =
            documents.subList(from, Math.min(from + settings.shard(), documents.size()));
        List<Matrix> found =
            stages.matrices("%s-%d-%d".formatted(name, first, from), () -> shard(prepared, shard));
        for (int v = 0; v < variants.size(); v++) {
          turn(found.get(0), v * some.size(), some.size(), values.get(v), first, from);
          for (int q = 0; q < some.size(); q++) {
            queryNorms[v][first + q] = Math.sqrt(found.get(2).get(0, v * some.size() + q));
          }
        }
        for (int i = 0; i < modules.size(); i++) {
          turn(found.get(PARTS + i), 0, some.size(), modules.get(i), first, from);
        }
        for (int d = 0; d < shard.size(); d++) {
          if (documentNorms.length > 0) {
            documentNorms[from + d] = Math.sqrt(found.get(1).get(d, 0));
          }
          if (self.length > 0) {
            self[from + d] = found.get(3).get(d, 0);
          }
        }
        scored.accept(shard.size());
      }
    }
    return IntStream.range(0, variants.size())
        .mapToObj(
            v ->
                new ScoreTable(
                    values.get(v),
                    documentNorms,
                    queryNorms[v],
                    nats,
                    v == 0 ? self : new double[0],
                    v == 0 ? modules : List.of()))
        .toList();
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

  /** The scores, squared norms of documents and of queries, self scores; then each linear's. */
  private List<Matrix> shard(Prepared prepared, List<Item> shard) {
    Queried queried = prepared.get();
    boolean modules = settings.shown().modules();
    Scores scores =
        Scores.none(
            shard.size(),
            queried.side.width(),
            modules ? linears.size() : 0,
            prepared.queries.size());
    List<Curvature> curvatures = settings.shown().self() ? prepared.curvatures() : List.of();
    gradients.each(
        shard,
        Labels.DATA,
        rows -> {
          queried.side.score(rows, scores, algebra);
          if (!curvatures.isEmpty()) {
            Curvature own = curvatures.get(rows.linear());
            double[] self = own.selfScores(rows, prepared.damping(own), algebra);
            for (int place = 0; place < self.length; place++) {
              Scores.add(scores.self(), rows.items()[place], self[place]);
            }
          }
        });
    return Stream.concat(
            Stream.of(scores.values(), scores.squaredNorms(), queried.squaredNorms, scores.self()),
            scores.linears().stream())
        .toList();
  }

  /** Preconditioned queries with the squared norms of their gradients, {@code [1, queries]}. */
  private record Queried(QuerySide side, Matrix squaredNorms) {}

  /** Preconditions queries once a shard wants them. */
  private final class Prepared {
    private final List<Item> queries;
    private final List<Variant> variants;
    private final List<Factors> factors;
    private Optional<Queried> made = Optional.empty();

    Prepared(List<Item> queries, List<Variant> variants, List<Factors> factors) {
      this.queries = queries;
      this.variants = variants;
      this.factors = factors;
    }

    /** Each linear's curvature in the first variant. */
    List<Curvature> curvatures() {
      Strategy first = variants.getFirst().strategy();
      return factors.stream().map(f -> f.curvature(first, algebra)).toList();
    }

    double damping(Curvature curvature) {
      return variants.getFirst().dampingOf(curvature);
    }

    Queried get() {
      if (made.isEmpty()) {
        made = Optional.of(settings.queryRank() > 0 ? reduced() : whole());
      }
      return made.get();
    }

    private Queried whole() {
      List<Matrix> stacks = preconditioned(queries);
      Matrix norms = Cells.zeros(1, stacks.getFirst().rows());
      for (int row = 0; row < norms.columns(); row++) {
        norms.set(0, row, squaredNorm(stacks, row));
      }
      return new Queried(new FullRank(stacks, demand.itemsAtOnce(linears)), norms);
    }

    /** Forms the whole gradients of some queries at a time and keeps them at low rank. */
    private Queried reduced() {
      int width = variants.size() * queries.size();
      LowRank side = new LowRank(linears, width, settings.queryRank(), algebra);
      Matrix norms = Cells.zeros(1, width);
      int atOnce = demand.queriesFormedAtOnce();
      for (int from = 0; from < queries.size(); from += atOnce) {
        List<Item> some = queries.subList(from, Math.min(from + atOnce, queries.size()));
        List<Matrix> stacks = preconditioned(some);
        for (int row = 0; row < variants.size() * some.size(); row++) {
          int column = row / some.size() * queries.size() + from + row % some.size();
          norms.set(0, column, squaredNorm(stacks, row));
          for (int i = 0; i < linears.size(); i++) {
            Linear of = linears.get(i);
            side.put(i, column, Cells.shaped(stacks.get(i), row, of.out(), of.in()));
          }
        }
      }
      return new Queried(side, norms);
    }

    private List<Matrix> preconditioned(List<Item> some) {
      return new Queries(linears, factors, variants, algebra).preconditioned(some, gradients);
    }
  }

  /** The squared norm of one gradient over all linears. */
  private static double squaredNorm(List<Matrix> stacks, int row) {
    double sum = 0;
    for (Matrix stack : stacks) {
      Matrix own = stack.rows(row, row + 1);
      sum += Cells.dot(own, own);
    }
    return sum;
  }

  /**
   * What each token of some documents contributes to their scores for one query; the sum over the
   * tokens is the score.
   *
   * @return per document one number a token
   */
  List<double[]> perToken(
      Variant variant, List<Factors> factors, Item query, List<Item> documents) {
    List<Matrix> stacks =
        new Queries(linears, factors, List.of(variant), algebra)
            .preconditioned(List.of(query), gradients);
    List<double[]> marks = new ArrayList<>();
    documents.forEach(document -> marks.add(new double[document.tokens().length]));
    gradients.each(
        documents,
        Labels.DATA,
        rows -> {
          Linear linear = linears.get(rows.linear());
          Matrix conditioned =
              Cells.shaped(stacks.get(rows.linear()), 0, linear.out(), linear.in());
          Matrix pulled = algebra.multiply(rows.gradients(), conditioned);
          for (int place = 0; place < rows.count(); place++) {
            int start = rows.starts()[place];
            double[] own = marks.get(rows.items()[place]);
            for (int t = 0; t < own.length; t++) {
              int row = start + t;
              own[t] += Cells.dot(pulled.rows(row, row + 1), rows.inputs().rows(row, row + 1));
            }
          }
        });
    return marks;
  }
}
