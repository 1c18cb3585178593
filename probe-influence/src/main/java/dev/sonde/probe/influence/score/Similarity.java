package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.Gradients;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.LossLabels;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.List;

/**
 * How alike documents and queries are to the model: the cosine of their mean activations, taken
 * where a linear in the middle of the model takes its input. It costs no pass of its own.
 *
 * @param linear the index of that linear
 * @param queries {@code [queries, in]} float32, of length 1
 */
record Similarity(int linear, Matrix queries) {

  /** The similarity to some queries, whose activations are read in a pass. */
  static Similarity to(List<TokenizedText> queries, Gradients gradients, LinearAlgebra algebra) {
    int linear = chosen(gradients.linears());
    Matrix means = FloatMatrices.zeros(queries.size(), gradients.linears().get(linear).in());
    gradients.each(
        queries,
        LossLabels.DATA,
        rows -> {
          if (rows.linear() == linear) {
            for (int place = 0; place < rows.count(); place++) {
              FloatMatrices.intoRow(means, rows.items()[place], direction(rows, place, algebra));
            }
          }
        });
    return new Similarity(linear, means);
  }

  /** The narrowest linear of the block in the middle, the first of several. */
  private static int chosen(List<LinearModule> linears) {
    int middle = linears.size() / 2;
    String block = linears.get(middle).block();
    int chosen = middle;
    for (int other = 0; other < linears.size(); other++) {
      LinearModule own = linears.get(other);
      if (own.block().equals(block) && own.in() < linears.get(chosen).in()) {
        chosen = other;
      }
    }
    return chosen;
  }

  /** The mean activation of an item, of length 1: {@code [1, in]}. */
  private static Matrix direction(GradientRows rows, int place, LinearAlgebra algebra) {
    int from = rows.starts()[place];
    int to = rows.starts()[place + 1];
    Matrix ones = FloatMatrices.zeros(1, to - from);
    for (int token = 0; token < to - from; token++) {
      ones.set(0, token, 1);
    }
    Matrix sum = algebra.multiply(ones, rows.inputs().rows(from, to));
    double length = Math.sqrt(FloatMatrices.dot(sum, sum));
    FloatMatrices.scale(sum, length == 0 ? 0 : 1 / length);
    return sum;
  }

  /**
   * Writes what some items score.
   *
   * @param into {@code [items, queries]}
   */
  void score(GradientRows rows, Matrix into, LinearAlgebra algebra) {
    if (rows.linear() != linear) {
      return;
    }
    for (int place = 0; place < rows.count(); place++) {
      Matrix cosines = algebra.timesTranspose(direction(rows, place, algebra), queries);
      FloatMatrices.intoRow(into, rows.items()[place], cosines);
    }
  }
}
