package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.Gradients;
import dev.sonde.probe.influence.read.LossLabels;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.ArrayList;
import java.util.List;

/**
 * Products with the Fisher matrix of some documents, {@code G = (1/n) Σ g gᵀ}, over all linears at
 * once: blocks between linears are not left out, as factors leave them. With labels drawn by the
 * model it is an unbiased estimate of the Gauss–Newton matrix, of rank n. A product is a pass over
 * the documents; gradients of some are formed and dropped.
 */
final class FisherProduct {
  private final Gradients gradients;
  private final List<TokenizedText> documents;
  private final LossLabels labels;
  private final Demand demand;
  private final LinearAlgebra algebra;

  /**
   * Over some documents.
   *
   * @param labels whose loss gradients are taken of
   */
  FisherProduct(
      Gradients gradients,
      List<TokenizedText> documents,
      LossLabels labels,
      Demand demand,
      LinearAlgebra algebra) {
    this.gradients = gradients;
    this.documents = documents;
    this.labels = labels;
    this.demand = demand;
    this.algebra = algebra;
  }

  /**
   * The products with some vectors.
   *
   * @param vectors per linear {@code [vectors, out * in]}
   * @return the same shapes
   */
  List<Matrix> times(List<Matrix> vectors) {
    List<Matrix> products =
        vectors.stream().map(own -> FloatMatrices.zeros(own.rows(), own.columns())).toList();
    for (int from = 0; from < documents.size(); ) {
      int to = from;
      for (long tokens = 0; to < documents.size() && tokens < demand.tokensAtOnce(); to++) {
        tokens += documents.get(to).tokens().length;
      }
      add(documents.subList(from, to), vectors, products);
      from = to;
    }
    products.forEach(own -> FloatMatrices.scale(own, 1.0 / documents.size()));
    return products;
  }

  /** Adds {@code Σ g (gᵀ v)} of some documents: the factor of each needs all linears first. */
  private void add(List<TokenizedText> some, List<Matrix> vectors, List<Matrix> products) {
    List<GradientRows> kept = new ArrayList<>();
    Matrix factors = FloatMatrices.zeros(some.size(), vectors.getFirst().rows());
    gradients.each(
        some,
        labels,
        rows -> {
          GradientRows own = rows.copy();
          kept.add(own);
          formed(
              own,
              (block, from, to) -> {
                Matrix dots = algebra.timesTranspose(block, vectors.get(own.linear()));
                for (int place = from; place < to; place++) {
                  int item = own.items()[place];
                  FloatMatrices.add(
                      factors.rows(item, item + 1), dots.rows(place - from, place - from + 1));
                }
              });
        });
    for (GradientRows own : kept) {
      formed(
          own,
          (block, from, to) -> {
            Matrix weights = FloatMatrices.zeros(to - from, factors.columns());
            for (int place = from; place < to; place++) {
              int item = own.items()[place];
              FloatMatrices.intoRow(weights, place - from, factors.rows(item, item + 1));
            }
            FloatMatrices.add(products.get(own.linear()), algebra.transposeTimes(weights, block));
          });
    }
  }

  /** Sees the gradients of some items of a linear, {@code [items, out * in]}. */
  private interface Formed {
    void see(Matrix block, int from, int to);
  }

  private void formed(GradientRows rows, Formed visitor) {
    int atOnce = Math.min(rows.count(), demand.itemsAtOnce(gradients.linears()));
    long weights = gradients.linears().get(rows.linear()).weights();
    Matrix block = FloatMatrices.zeros(atOnce, Math.toIntExact(weights));
    for (int from = 0; from < rows.count(); from += atOnce) {
      int to = Math.min(from + atOnce, rows.count());
      for (int place = from; place < to; place++) {
        FloatMatrices.intoRow(block, place - from, rows.gradient(place, algebra));
      }
      visitor.see(block.rows(0, to - from), from, to);
    }
  }
}
