package dev.sonde.engine.score;

import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.engine.evaluate.fit.FoldRows;
import dev.sonde.engine.fitted.Decoders;
import dev.sonde.engine.fitted.SavedProbe;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A saved probe, ready to score rows. Linear ones are computed in float64, row by row, so that a
 * score follows from the row alone and is what any other program gives.
 */
final class ScoredBy {
  private final SavedProbe probe;
  private final Optional<double[]> weights;
  private final double bias;
  private final Scorer scorer;
  private final LinearAlgebra algebra;
  private final Optional<TokenAggregate> aggregate;
  private final boolean eachToken;

  /**
   * A probe.
   *
   * @param aggregate in place of the probe's own reading of a text
   * @param eachToken whether a score a token is wanted
   */
  ScoredBy(
      SavedProbe probe,
      Decoders decoders,
      LinearAlgebra algebra,
      Optional<TokenAggregate> aggregate,
      boolean eachToken) {
    this.probe = probe;
    this.scorer = decoders.restored(probe.by(), probe.form());
    this.weights =
        probe.form().kind().equals(ScorerForm.LINEAR)
            ? Optional.of(probe.form().tensor(ScorerForm.WEIGHTS).row(0))
            : Optional.empty();
    this.bias = scorer.bias();
    this.algebra = algebra;
    this.aggregate = aggregate;
    this.eachToken = eachToken;
  }

  SavedProbe probe() {
    return probe;
  }

  /** How tokens become a text's score; empty where one row of the text is scored. */
  Optional<TokenAggregate> aggregate() {
    return aggregate;
  }

  /** The row of a text that the probe reads; not where tokens become its score. */
  Optional<Read> ownRead() {
    return aggregate.isPresent() ? Optional.empty() : Optional.of(probe.reading().read());
  }

  /** A row a token, where tokens are scored. */
  Optional<Read> tokenRead() {
    return aggregate.isPresent() || eachToken
        ? Optional.of(Read.of(probe.reading().point(), Selector.all()))
        : Optional.empty();
  }

  /** The score of one row. */
  double score(float[] row) {
    if (weights.isEmpty()) {
      Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, 1, row.length);
      for (int c = 0; c < row.length; c++) {
        matrix.set(0, c, row[c]);
      }
      return scorer.score(new FoldRows(matrix, new int[] {0}, algebra))[0];
    }
    double[] own = weights.get();
    double sum = bias;
    for (int c = 0; c < own.length; c++) {
      sum += own[c] * row[c];
    }
    return sum;
  }

  /** The scores of some rows. */
  double[] scores(Rows rows) {
    if (weights.isEmpty()) {
      Matrix matrix = Matrix.of(rows.values(), Matrix.Type.FLOAT32, rows.count(), rows.width());
      int[] all = IntStream.range(0, rows.count()).toArray();
      return scorer.score(new FoldRows(matrix, all, algebra));
    }
    double[] own = weights.get();
    double[] scores = new double[rows.count()];
    MemorySegment values = rows.values();
    for (int row = 0; row < scores.length; row++) {
      long at = rows.offsets()[row];
      double sum = bias;
      for (int c = 0; c < own.length; c++) {
        sum += own[c] * values.getAtIndex(ValueLayout.JAVA_FLOAT, at + c);
      }
      scores[row] = sum;
    }
    return scores;
  }
}
