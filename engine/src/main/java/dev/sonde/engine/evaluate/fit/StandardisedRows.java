package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.FeatureScales;
import dev.sonde.api.evaluate.Slopes;
import dev.sonde.api.evaluate.Standardised;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The standardised rows of a training side without being made: scaling turns the products of the
 * rows as they are into theirs, and what was cut, which is little, is added. With {@code u = (x −
 * c) / s} and the cuts {@code e = z − u}, the centred products are {@code D X D + C + Cᵀ + Σeeᵀ −
 * nēēᵀ}, where {@code D = diag(1/s)} and {@code C = Σe(u − ū)ᵀ}.
 */
final class StandardisedRows implements Design {
  private final FoldRows raw;
  private final FoldSums sums;
  private final Split split;
  private final FeatureScales scales;
  private final List<Cut> cuts = new ArrayList<>();
  private Optional<Covariance> covariance = Optional.empty();
  private Optional<Design> made = Optional.empty();
  private List<Targets> labelings = List.of();
  private Optional<Slopes> slopes = Optional.empty();

  /**
   * A row of which features were cut.
   *
   * @param row among the training rows
   * @param features which
   * @param by what standardised rows have more than uncut ones, per such feature
   */
  private record Cut(int row, int[] features, double[] by) {}

  StandardisedRows(FoldRows raw, FoldSums sums, Split split) {
    this.raw = raw;
    this.sums = sums;
    this.split = split;
    this.scales = FeatureScales.of(raw);
    double[] values = new double[raw.columns()];
    int[] features = new int[values.length];
    for (int row = 0; row < raw.rows(); row++) {
      raw.copyRow(row, values);
      int count = 0;
      for (int c = 0; c < values.length; c++) {
        if (scales.cuts(c, values[c])) {
          features[count++] = c;
        }
      }
      if (count > 0) {
        cuts.add(cut(row, values, features, count));
      }
    }
  }

  private Cut cut(int row, double[] values, int[] features, int count) {
    double[] uncut = values.clone();
    double[] own = values.clone();
    scales.scale(uncut);
    scales.standardise(own);
    int[] which = new int[count];
    double[] by = new double[count];
    for (int i = 0; i < count; i++) {
      which[i] = features[i];
      by[i] = own[which[i]] - uncut[which[i]];
    }
    return new Cut(row, which, by);
  }

  /** What decoders ask for. */
  Standardised asStandardised() {
    return new Standardised(this, scales.centre(), scales.scale());
  }

  @Override
  public int rows() {
    return raw.rows();
  }

  @Override
  public int columns() {
    return raw.columns();
  }

  @Override
  public void copyRow(int row, double[] into) {
    raw.copyRow(row, into);
    scales.standardise(into);
  }

  @Override
  public Matrix times(Matrix weights) {
    return made().times(weights);
  }

  @Override
  public Matrix transposeTimes(Matrix coefficients) {
    return made().transposeTimes(coefficients);
  }

  private Design made() {
    if (made.isEmpty()) {
      made = Optional.of(raw.like(scales.standardised(raw)));
    }
    return made.get();
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return raw.linearAlgebra();
  }

  @Override
  public Slopes slopes(List<Targets> many) {
    if (slopes.isEmpty() || labelings != many) {
      slopes = Optional.of(scaled(raw.slopes(many)));
      labelings = many;
    }
    return slopes.get();
  }

  private Slopes scaled(Slopes own) {
    Matrix scaled = Matrix.zeros(Matrix.Type.FLOAT64, columns(), own.labelings());
    double[][] values = new double[columns()][];
    for (int c = 0; c < values.length; c++) {
      values[c] = own.slopes().row(c);
      for (int l = 0; l < values[c].length; l++) {
        values[c][l] /= scales.scale()[c];
      }
    }
    for (Cut cut : cuts) {
      double[] coefficients = own.coefficients().row(cut.row());
      for (int i = 0; i < cut.by().length; i++) {
        add(cut.by()[i], coefficients, values[cut.features()[i]]);
      }
    }
    for (int c = 0; c < values.length; c++) {
      scaled.setRow(c, values[c]);
    }
    return new Slopes(own.coefficients(), scaled, own.targetMeans(), own.targetVariances());
  }

  @Override
  public Covariance covariance() {
    if (covariance.isEmpty()) {
      covariance = Optional.of(scaledCovariance());
    }
    return covariance.get();
  }

  private Covariance scaledCovariance() {
    int width = columns();
    double[] mean = sums.mean(split);
    scales.scale(mean);
    double[] cutMean = new double[width];
    double[][] cross = new double[width][width];
    double[][] products = sums.centred(split);
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        products[i][j] /= scales.scale()[i] * scales.scale()[j];
      }
    }
    double[] apart = new double[width];
    for (Cut cut : cuts) {
      raw.copyRow(cut.row(), apart);
      scales.scale(apart);
      add(-1, mean, apart);
      for (int i = 0; i < cut.by().length; i++) {
        int feature = cut.features()[i];
        cutMean[feature] += cut.by()[i] / rows();
        add(cut.by()[i], apart, cross[feature]);
        for (int j = 0; j < cut.by().length; j++) {
          products[feature][cut.features()[j]] += cut.by()[i] * cut.by()[j];
        }
      }
    }
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        products[i][j] += cross[i][j] + cross[j][i] - rows() * cutMean[i] * cutMean[j];
      }
      mean[i] += cutMean[i];
    }
    return Covariance.ofProducts(
        mean, rows(), Matrix.of(Matrix.Type.FLOAT64, products), linearAlgebra());
  }

  private static void add(double factor, double[] values, double[] to) {
    for (int c = 0; c < to.length; c++) {
      to[c] += factor * values[c];
    }
  }
}
