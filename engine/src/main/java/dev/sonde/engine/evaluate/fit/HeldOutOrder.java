package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.SiteKernels.Centred;
import dev.sonde.statistics.LeadingAxis;
import dev.sonde.statistics.Ranks;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which decoders of known form score held-out rows, from the inner products K of the
 * rows of one hook point. With labels y of the training rows the scores of {@code w = (sT + t I)⁻¹
 * δ} are, up to a factor above 0 and a constant, {@code K_test (s K / n + t I)⁻¹ y}: what stands
 * before y is made once a split and serves all labelings by one product of {@code [test, train]}
 * and {@code [train, labelings]}. No weights are made.
 */
public final class HeldOutOrder {
  /** Inner products of so many rows with each other are kept at most. */
  private static final int MOST_ROWS = 4096;

  private final Matrix features;
  private final LinearAlgebra algebra;
  private final SiteKernels kernels;

  /** At one hook point, of many splits. */
  public HeldOutOrder(Matrix features, LinearAlgebra algebra) {
    this(features, algebra, true);
  }

  private HeldOutOrder(Matrix features, LinearAlgebra algebra, boolean manySplits) {
    this.features = features;
    this.algebra = algebra;
    this.kernels = new SiteKernels(features, algebra, manySplits);
  }

  /** Of features that serve one split. */
  static HeldOutOrder ofOneSplit(Matrix features, LinearAlgebra algebra) {
    return new HeldOutOrder(features, algebra, false);
  }

  /** Whether rows are few beside the features, so that their inner products cost least. */
  public static boolean suits(Matrix features) {
    return features.rows() <= Math.min(MOST_ROWS, 2 * features.columns());
  }

  /**
   * Scores of held-out rows, which may be compared within a fold and a labeling.
   *
   * @param forms by name
   * @return by name {@code [labelings][rows]}; NaN for rows that are never held out, and 0 where
   *     labels of a training side or all features are alike
   */
  public Map<String, double[][]> scores(
      List<Split> splits, Map<String, LinearForm> forms, LabelColumns labels) {
    Map<String, double[][]> scores = new LinkedHashMap<>();
    for (String name : forms.keySet()) {
      double[][] none = new double[labels.all().size()][features.rows()];
      for (double[] row : none) {
        Arrays.fill(row, Double.NaN);
      }
      scores.put(name, none);
    }
    boolean constant = CrossValidation.isConstant(features);
    for (Split split : splits) {
      Fold fold = new Fold(split, labels, labels.varyAmong(split.train()));
      forms.forEach(
          (name, form) -> {
            double[][] into = scores.getOrDefault(name, new double[0][]);
            if (constant) {
              fold.put(new double[into.length][split.test().length], into);
            } else {
              fold.put(fold.scores(form), into);
            }
          });
    }
    return scores;
  }

  private enum Rows {
    RAW,
    STANDARDISED
  }

  /** One split under way. */
  private final class Fold {
    private final Split split;
    private final LabelColumns labels;
    private final boolean[] vary;
    private final Map<Rows, Centred> made = new EnumMap<>(Rows.class);

    Fold(Split split, LabelColumns labels, boolean[] vary) {
      this.split = split;
      this.labels = labels;
      this.vary = vary;
    }

    void put(double[][] fold, double[][] into) {
      for (int l = 0; l < into.length; l++) {
        for (int t = 0; t < split.test().length; t++) {
          into[l][split.test()[t]] = vary[l] ? fold[l][t] : 0;
        }
      }
    }

    private Centred products(Rows which) {
      return made.computeIfAbsent(
          which, r -> r == Rows.RAW ? kernels.raw(split) : kernels.standardised(split));
    }

    /** {@code [labelings][test rows]}. */
    double[][] scores(LinearForm form) {
      return form.isAxis()
          ? alongAxis(products(Rows.RAW))
          : shrunk(form, products(form.standardised() ? Rows.STANDARDISED : Rows.RAW));
    }

    private double[][] shrunk(LinearForm form, Centred products) {
      int tests = split.test().length;
      double[][] scores = new double[labels.all().size()][tests];
      if (products.trace() == 0) {
        return scores;
      }
      Matrix y = form.parted() ? labels.parted() : labels.values();
      try (Arena arena = Arena.ofConfined()) {
        Matrix test = matrix(arena, products.test());
        Matrix scored;
        if (form.scale() > 0 && scores.length < tests) {
          Matrix solved =
              algebra.solvePositiveDefinite(shrunk(arena, form, products), centred(arena, y));
          scored = algebra.transposeTimes(solved, test);
        } else {
          Matrix before =
              form.scale() == 0
                  ? test
                  : algebra.solvePositiveDefinite(shrunk(arena, form, products), test);
          scored = algebra.transposeTimes(y, amongAll(arena, before));
        }
        Arrays.setAll(scores, scored::row);
      }
      return scores;
    }

    /** {@code s K / n + t ν I}, where ν is the mean variance of a feature. */
    private Matrix shrunk(Arena arena, LinearForm form, Centred products) {
      int rows = products.train().length;
      double each = form.scale() / rows;
      double shift = form.shift() * products.trace() / rows / features.columns();
      Matrix shrunk = Matrix.zeros(arena, Matrix.Type.FLOAT64, rows, rows);
      double[] values = new double[rows];
      for (int i = 0; i < rows; i++) {
        double[] of = products.train()[i];
        for (int j = 0; j < rows; j++) {
          values[j] = each * of[j];
        }
        values[i] += shift;
        shrunk.setRow(i, values);
      }
      return shrunk;
    }

    /** The labels of the training rows less their mean, {@code [train, labelings]}. */
    private Matrix centred(Arena arena, Matrix y) {
      int[] train = split.train();
      double[][] own = new double[train.length][];
      double[] mean = new double[y.columns()];
      for (int i = 0; i < train.length; i++) {
        own[i] = y.row(train[i]);
        add(1.0 / train.length, own[i], mean);
      }
      for (double[] row : own) {
        add(-1, mean, row);
      }
      return matrix(arena, own);
    }

    /**
     * Rows of the training side where they stand among all, and 0 for the others, so that one
     * matrix of labels serves all splits. Each column is centred, as labels would have to be.
     */
    private Matrix amongAll(Arena arena, Matrix ofTrain) {
      int[] train = split.train();
      double[][] own = new double[train.length][];
      double[] mean = new double[ofTrain.columns()];
      for (int i = 0; i < train.length; i++) {
        own[i] = ofTrain.row(i);
        add(1.0 / train.length, own[i], mean);
      }
      Matrix all = Matrix.zeros(arena, Matrix.Type.FLOAT64, features.rows(), ofTrain.columns());
      for (int i = 0; i < train.length; i++) {
        add(-1, mean, own[i]);
        all.setRow(train[i], own[i]);
      }
      return all;
    }

    private double[][] alongAxis(Centred products) {
      double[] axis =
          LeadingAxis.of(
              products.train().length, products.trace(), v -> times(v, products.train()));
      if (LeadingAxis.pointsAway(axis)) {
        axis = turned(axis);
      }
      double[] along = times(axis, products.test());
      double[] turned = turned(along);
      double[] ranks = Ranks.of(axis);
      double[][] scores = new double[labels.all().size()][];
      for (int l = 0; l < scores.length; l++) {
        scores[l] = mostPairsAscend(ranks, labels.all().get(l)) ? along : turned;
      }
      return scores;
    }

    private boolean mostPairsAscend(double[] ranks, Targets targets) {
      int[] train = split.train();
      double mean = 0;
      for (int row : train) {
        mean += targets.value(row) / train.length;
      }
      double sum = 0;
      for (int i = 0; i < train.length; i++) {
        sum += (targets.value(train[i]) - mean) * ranks[i];
      }
      return sum >= 0;
    }
  }

  private static double[] turned(double[] values) {
    return Arrays.stream(values).map(value -> -value).toArray();
  }

  /** The product of a row and a matrix. */
  private static double[] times(double[] row, double[][] matrix) {
    double[] sums = new double[matrix[0].length];
    for (int i = 0; i < row.length; i++) {
      add(row[i], matrix[i], sums);
    }
    return sums;
  }

  private static void add(double factor, double[] values, double[] to) {
    for (int c = 0; c < to.length; c++) {
      to[c] += factor * values[c];
    }
  }

  private static Matrix matrix(Arena arena, double[][] rows) {
    Matrix matrix = Matrix.zeros(arena, Matrix.Type.FLOAT64, rows.length, rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      matrix.setRow(i, rows[i]);
    }
    return matrix;
  }
}
