package dev.sonde.probe.influence;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/** Preconditions the gradients of queries. */
final class Queries {
  private final List<Linear> linears;
  private final List<Factors> factors;
  private final List<Variant> variants;
  private final LinearAlgebra algebra;

  Queries(
      List<Linear> linears, List<Factors> factors, List<Variant> variants, LinearAlgebra algebra) {
    this.linears = linears;
    this.factors = factors;
    this.variants = variants;
    this.algebra = algebra;
  }

  /**
   * The preconditioned gradients of some queries' losses.
   *
   * @return per linear {@code [variants * queries, out * in]}, variant by variant
   */
  List<Matrix> preconditioned(List<Item> queries, Gradients gradients) {
    List<Matrix> stacks =
        linears.stream()
            .map(l -> Cells.zeros(variants.size() * queries.size(), Math.toIntExact(l.weights())))
            .toList();
    List<List<Curvature>> curvatures =
        factors.stream()
            .map(f -> variants.stream().map(v -> f.curvature(v.strategy(), algebra)).toList())
            .toList();
    double[][] dampings =
        IntStream.range(0, linears.size())
            .mapToObj(linear -> dampings(curvatures.get(linear)))
            .toArray(double[][]::new);
    gradients.each(
        queries,
        Labels.DATA,
        rows -> {
          for (int v = 0; v < variants.size(); v++) {
            Curvature curvature = curvatures.get(rows.linear()).get(v);
            TokenRows turned = curvature.turned(rows, algebra);
            for (int place = 0; place < rows.count(); place++) {
              Matrix conditioned =
                  curvature.precondition(
                      turned.gradient(place, algebra), dampings[rows.linear()][v], algebra);
              int row = v * queries.size() + rows.items()[place];
              Cells.intoRow(stacks.get(rows.linear()), row, conditioned);
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
