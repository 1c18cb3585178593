package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.curvature.Curvature;
import dev.sonde.probe.influence.curvature.Factors;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.Gradients;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.LossLabels;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.List;
import java.util.stream.IntStream;

/** Preconditions the gradients of queries. */
final class QueryPreconditioner {
  private final Gradients gradients;
  private final List<Factors> factors;
  private final List<ScoringVariant> variants;
  private final LinearAlgebra algebra;

  QueryPreconditioner(
      Gradients gradients,
      List<Factors> factors,
      List<ScoringVariant> variants,
      LinearAlgebra algebra) {
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
   * The preconditioned gradients of some queries' losses.
   *
   * @return per linear {@code [variants * queries, out * in]}, variant by variant
   */
  List<Matrix> preconditioned(List<TokenizedText> queries) {
    List<Matrix> stacks =
        linears().stream()
            .map(
                l ->
                    FloatMatrices.zeros(
                        variants.size() * queries.size(), Math.toIntExact(l.weights())))
            .toList();
    List<List<Curvature>> curvatures =
        factors.stream()
            .map(f -> variants.stream().map(v -> f.curvature(v.strategy(), algebra)).toList())
            .toList();
    double[][] dampings =
        IntStream.range(0, factors.size())
            .mapToObj(linear -> dampings(curvatures.get(linear)))
            .toArray(double[][]::new);
    gradients.each(
        queries,
        LossLabels.DATA,
        rows -> {
          for (int v = 0; v < variants.size(); v++) {
            Curvature curvature = curvatures.get(rows.linear()).get(v);
            GradientRows turned = curvature.turned(rows, algebra);
            for (int place = 0; place < rows.count(); place++) {
              Matrix conditioned =
                  curvature.precondition(
                      turned.gradient(place, algebra), dampings[rows.linear()][v], algebra);
              int row = v * queries.size() + rows.items()[place];
              FloatMatrices.intoRow(stacks.get(rows.linear()), row, conditioned);
            }
          }
        });
    return stacks;
  }

  private double[] dampings(List<Curvature> curvatures) {
    return IntStream.range(0, variants.size())
        .mapToDouble(v -> variants.get(v).dampingOf(curvatures.get(v)))
        .toArray();
  }
}
