package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.curvature.Curvature;
import dev.sonde.probe.influence.curvature.Factors;
import dev.sonde.probe.influence.curvature.Strategy;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.Gradients;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.LossLabels;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Preconditions the gradients of queries. */
final class QueryPreconditioner {
  private final Gradients gradients;
  private final List<Factors> factors;
  private final List<ScoringVariant> variants;
  private final LinearAlgebra algebra;
  private final FisherProduct fisher;
  private final ConjugateGradients solver;

  QueryPreconditioner(
      Gradients gradients,
      List<Factors> factors,
      List<ScoringVariant> variants,
      LinearAlgebra algebra,
      FisherProduct fisher,
      ConjugateGradients solver) {
    this.fisher = fisher;
    this.solver = solver;
    this.gradients = gradients;
    this.factors = factors;
    this.variants = variants;
    this.algebra = algebra;
  }

  List<LinearModule> linears() {
    return gradients.linears();
  }

  /** Number of variants. */
  int variants() {
    return variants.size();
  }

  /**
   * Preconditioned gradients.
   *
   * @param stacks per linear {@code [variants * queries, out * in]}, variant by variant
   * @param residuals per variant and query the length of what is left to solve, over the query's
   *     own; NaN where factors alone are the solution
   */
  record Preconditioned(List<Matrix> stacks, double[] residuals) {}

  /** Those of some queries' losses. */
  Preconditioned preconditioned(List<TokenizedText> queries) {
    boolean refines = variants.stream().anyMatch(v -> v.strategy() == Strategy.EKFAC_CG);
    List<Matrix> stacks = stacks(variants.size() * queries.size());
    List<Matrix> plain = stacks(refines ? queries.size() : 0);
    List<List<Curvature>> curvatures =
        factors.stream()
            .map(f -> variants.stream().map(v -> f.curvature(v.strategy(), algebra)).toList())
            .toList();
    double[][] dampings =
        IntStream.range(0, factors.size())
            .mapToObj(linear -> dampings(curvatures.get(linear)))
            .toArray(double[][]::new);
    Measured measured = Measured.of(queries);
    gradients.each(
        measured.texts(),
        LossLabels.DATA,
        rows -> {
          for (int place = 0; refines && place < rows.count(); place++) {
            measured.add(
                plain.get(rows.linear()), 0, rows.items()[place], rows.gradient(place, algebra));
          }
          for (int v = 0; v < variants.size(); v++) {
            Curvature curvature = curvatures.get(rows.linear()).get(v);
            GradientRows turned = curvature.turned(rows, algebra);
            for (int place = 0; place < rows.count(); place++) {
              Matrix conditioned =
                  curvature.precondition(
                      turned.gradient(place, algebra), dampings[rows.linear()][v], algebra);
              int from = v * queries.size();
              measured.add(stacks.get(rows.linear()), from, rows.items()[place], conditioned);
            }
          }
        });
    double[] residuals = new double[variants.size() * queries.size()];
    Arrays.fill(residuals, Double.NaN);
    for (int v = 0; v < variants.size(); v++) {
      if (variants.get(v).strategy() == Strategy.EKFAC_CG) {
        int from = v * queries.size();
        double[] own = refined(stacks, from, plain, curvatures, dampings, v);
        System.arraycopy(own, 0, residuals, from, own.length);
      }
    }
    return new Preconditioned(stacks, residuals);
  }

  /**
   * Texts whose gradients add up to those of queries.
   *
   * @param texts the queries, and behind them the completions that some are held against
   * @param queries whose part each text is
   */
  private record Measured(List<TokenizedText> texts, int[] queries) {
    static Measured of(List<TokenizedText> queries) {
      List<TokenizedText> texts = new ArrayList<>(queries);
      List<Integer> owners = new ArrayList<>();
      for (int query = 0; query < queries.size(); query++) {
        owners.add(query);
      }
      for (int query = 0; query < queries.size(); query++) {
        if (queries.get(query).against().isPresent()) {
          texts.add(queries.get(query).against().get());
          owners.add(query);
        }
      }
      return new Measured(texts, owners.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * Adds a text's gradient to its query's row, or subtracts that of a completion held against.
     */
    void add(Matrix stack, int from, int text, Matrix gradient) {
      int row = from + queries[text];
      boolean isOwn = queries[text] == text;
      Matrix flat = Matrix.of(gradient.segment(), gradient.type(), 1, stack.columns());
      FloatMatrices.addScaled(stack.rows(row, row + 1), isOwn ? 1 : -1, flat);
    }
  }

  private List<Matrix> stacks(int rows) {
    return linears().stream()
        .map(l -> FloatMatrices.zeros(rows, Math.toIntExact(l.weights())))
        .toList();
  }

  /** Solves {@code (G + λ) x = g} from the solution by factors, in place. */
  private double[] refined(
      List<Matrix> stacks,
      int from,
      List<Matrix> plain,
      List<List<Curvature>> curvatures,
      double[][] dampings,
      int variant) {
    List<Matrix> solutions =
        stacks.stream().map(own -> own.rows(from, from + plain.getFirst().rows())).toList();
    return solver
        .solve(
            solutions,
            plain,
            vectors -> {
              List<Matrix> products = fisher.times(vectors);
              for (int linear = 0; linear < products.size(); linear++) {
                FloatMatrices.addScaled(
                    products.get(linear), dampings[linear][variant], vectors.get(linear));
              }
              return products;
            },
            vectors -> solvedByFactors(vectors, curvatures, dampings, variant))
        .residuals();
  }

  private List<Matrix> solvedByFactors(
      List<Matrix> vectors, List<List<Curvature>> curvatures, double[][] dampings, int variant) {
    List<Matrix> solved = stacks(vectors.getFirst().rows());
    for (int i = 0; i < solved.size(); i++) {
      LinearModule linear = linears().get(i);
      Curvature curvature = curvatures.get(i).get(variant);
      for (int row = 0; row < solved.get(i).rows(); row++) {
        Matrix own = FloatMatrices.shaped(vectors.get(i), row, linear.out(), linear.in());
        FloatMatrices.intoRow(
            solved.get(i), row, curvature.solve(own, dampings[i][variant], algebra));
      }
    }
    return solved;
  }

  private double[] dampings(List<Curvature> curvatures) {
    return IntStream.range(0, variants.size())
        .mapToDouble(v -> variants.get(v).dampingOf(curvatures.get(v)))
        .toArray();
  }
}
