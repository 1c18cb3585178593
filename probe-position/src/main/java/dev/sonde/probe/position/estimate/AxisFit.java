package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.position.read.CausalPairs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Least squares on the axes of a logit matrix, in closed form: {@code W_ij ≈ a_{i−j} + b_i + c_j}
 * (E1), and {@code a_{i−j} + c_j} of logits whose rows are centred (E2).
 *
 * <p>The normal equations depend on which cells there are only, so they are inverted once for all
 * heads and texts. Queries are eliminated first: what is left are distances and keys. What the
 * cells cannot tell apart is fixed: shifts between a, b and c, and the tilt {@code a_d += t d, b_i
 * −= t i, c_j += t j}.
 */
public final class AxisFit {
  private final CausalPairs cells;
  private final int unknowns;
  private final double[] inverseOfThree;
  private final double[] inverseOfTwo;
  private final int[] perDistance;
  private final int[] perKey;

  /** The fit on some pairs, whose normal equations are solved. */
  AxisFit(CausalPairs cells, LinearAlgebra algebra) {
    this(cells, inverseOfThree(cells, algebra), inverseOfTwo(cells, algebra));
  }

  /** A fit whose normal equations were solved before. */
  AxisFit(CausalPairs cells, Matrix inverseOfThree, Matrix inverseOfTwo) {
    this.cells = cells;
    this.unknowns = unknowns(cells);
    this.perDistance = new int[cells.distances()];
    this.perKey = new int[cells.size()];
    for (int query = 0; query < cells.size(); query++) {
      for (int key = cells.from(query); key <= query; key++) {
        perDistance[query - key]++;
        perKey[key]++;
      }
    }
    this.inverseOfTwo = flat(inverseOfTwo);
    this.inverseOfThree = flat(inverseOfThree);
  }

  private static int unknowns(CausalPairs cells) {
    return cells.distances() + cells.size();
  }

  private static double[] flat(Matrix square) {
    double[] flat = new double[square.rows() * square.columns()];
    MemorySegment.copy(square.segment(), ValueLayout.JAVA_DOUBLE, 0, flat, 0, flat.length);
    return flat;
  }

  private static Matrix square(double[] flat) {
    int size = (int) Math.sqrt(flat.length);
    Matrix square = Matrix.zeros(Matrix.Type.FLOAT64, size, size);
    MemorySegment.copy(flat, 0, square.segment(), ValueLayout.JAVA_DOUBLE, 0, flat.length);
    return square;
  }

  /** The solved normal equations of E1, {@code [unknowns, unknowns]}: distances, then keys. */
  Matrix inverseOfThree() {
    return square(inverseOfThree);
  }

  /** Those of E2. */
  Matrix inverseOfTwo() {
    return square(inverseOfTwo);
  }

  /**
   * The parts of a fit.
   *
   * @param distance per distance; of E1 its mean is whatever b and c leave over
   * @param query per query, with mean 0; empty of E2
   * @param key per key, with mean 0 and, of E1, without slope
   * @param fitted the packed cells
   */
  record Parts(double[] distance, double[] query, double[] key, double[] fitted) {}

  /**
   * Logits whose rows are centred, with all that both fits ask of them.
   *
   * @param cells the packed cells
   * @param sums of cells by distance, then by key
   * @param squares sum of squares, of which fits explain a part
   */
  record Centred(double[] cells, double[] sums, double squares) {}

  /** Centres the rows of logits. */
  Centred centred(double[] logits) {
    double[] centred = cells.centred(logits);
    double squares = 0;
    for (double cell : centred) {
      squares += cell * cell;
    }
    return new Centred(centred, sums(centred), squares);
  }

  /** E1: distance, query and key. */
  Parts three(double[] logits, Centred centred) {
    double[] x = solve(inverseOfThree, centred.sums());
    double[] distance = Arrays.copyOf(x, cells.distances());
    double[] key = Arrays.copyOfRange(x, cells.distances(), unknowns);
    double[] query = queries(logits, distance, key);
    fixGauge(distance, query, key);
    return new Parts(distance, query, key, fitted(distance, query, key));
  }

  /** E2: distance and key. */
  Parts two(Centred centred) {
    double[] x = solve(inverseOfTwo, centred.sums());
    double[] distance = Arrays.copyOf(x, cells.distances());
    double[] key = Arrays.copyOfRange(x, cells.distances(), unknowns);
    double mean = mean(key);
    shift(key, -mean);
    shift(distance, mean);
    return new Parts(distance, new double[0], key, fitted(distance, new double[0], key));
  }

  /** R² of E1 without its cells: least squares leave {@code Σ w² − xᵀ Aᵀ w} over. */
  double explainedByThree(double[] logits, Centred centred) {
    double left = centred.squares() - product(solve(inverseOfThree, centred.sums()), centred);
    double deviation = Moments.deviation(logits);
    return 1 - left / (deviation * deviation * logits.length);
  }

  /** R² of E2, of row-centred logits. */
  double explainedByTwo(Centred centred) {
    return product(solve(inverseOfTwo, centred.sums()), centred) / centred.squares();
  }

  private static double product(double[] x, Centred centred) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * centred.sums()[i];
    }
    return sum;
  }

  /** R² of distance alone, of row-centred logits. */
  double explainedByDistance(Centred centred) {
    double explained = 0;
    for (int distance = 0; distance < perDistance.length; distance++) {
      double sum = centred.sums()[distance];
      explained += sum * sum / perDistance[distance];
    }
    return explained / centred.squares();
  }

  /** R² of the key alone, of row-centred logits. */
  double explainedByKey(Centred centred) {
    double explained = 0;
    for (int key = 0; key < perKey.length; key++) {
      double sum = centred.sums()[perDistance.length + key];
      explained += sum * sum / perKey[key];
    }
    return explained / centred.squares();
  }

  /** {@code rank = distances + queries + keys − 3}: free numbers of E1. */
  static int rankOfThree(CausalPairs cells) {
    return cells.distances() + 2 * cells.size() - 3;
  }

  /** The r of E1 that pure noise gives: {@code √(rank / cells)}. */
  public static double nullLevel(CausalPairs cells) {
    return Math.sqrt((double) rankOfThree(cells) / cells.count());
  }

  private static Matrix inverseOfTwo(CausalPairs cells, LinearAlgebra algebra) {
    double[][] two = crossProducts(cells);
    double[] shift = shiftOf(cells, 1, 0);
    Arrays.fill(shift, cells.distances(), shift.length, -1); // all distances up, all keys down
    addOuter(two, shift);
    return inverse(algebra, two);
  }

  private static Matrix inverseOfThree(CausalPairs cells, LinearAlgebra algebra) {
    double[][] three = withoutQueries(cells, crossProducts(cells));
    addOuter(three, shiftOf(cells, 1, 0));
    addOuter(three, shiftOf(cells, 0, 1));
    addOuter(three, tilt(cells));
    return inverse(algebra, three);
  }

  /** How often two unknowns meet in a cell. */
  private static double[][] crossProducts(CausalPairs cells) {
    double[][] products = new double[unknowns(cells)][unknowns(cells)];
    for (int query = 0; query < cells.size(); query++) {
      for (int key = cells.from(query); key <= query; key++) {
        int distance = query - key;
        int column = cells.distances() + key;
        products[distance][distance]++;
        products[column][column]++;
        products[distance][column]++;
        products[column][distance]++;
      }
    }
    return products;
  }

  /** The same with the best b of every query put in. */
  private static double[][] withoutQueries(CausalPairs cells, double[][] products) {
    int[] met = new int[2 * cells.distances()];
    for (int query = 0; query < cells.size(); query++) {
      int keys = cells.keys(query);
      for (int i = 0; i < keys; i++) {
        met[i] = i;
        met[keys + i] = cells.distances() + cells.from(query) + i;
      }
      for (int i = 0; i < 2 * keys; i++) {
        for (int j = 0; j < 2 * keys; j++) {
          products[met[i]][met[j]] -= 1.0 / keys;
        }
      }
    }
    return products;
  }

  private static double[] shiftOf(CausalPairs cells, double distances, double keys) {
    double[] shift = new double[unknowns(cells)];
    Arrays.fill(shift, 0, cells.distances(), distances);
    Arrays.fill(shift, cells.distances(), shift.length, keys);
    return shift;
  }

  /** Distances by their number, keys by theirs; scaled so that sums stay of one size. */
  private static double[] tilt(CausalPairs cells) {
    double[] tilt = new double[unknowns(cells)];
    for (int distance = 0; distance < cells.distances(); distance++) {
      tilt[distance] = (double) distance / cells.size();
    }
    for (int key = 0; key < cells.size(); key++) {
      tilt[cells.distances() + key] = (double) key / cells.size();
    }
    return tilt;
  }

  private static void addOuter(double[][] square, double[] v) {
    for (int i = 0; i < v.length; i++) {
      for (int j = 0; j < v.length; j++) {
        square[i][j] += v[i] * v[j];
      }
    }
  }

  private static Matrix inverse(LinearAlgebra algebra, double[][] square) {
    double[][] identity = new double[square.length][square.length];
    for (int i = 0; i < identity.length; i++) {
      identity[i][i] = 1;
    }
    return algebra.solvePositiveDefinite(
        Matrix.of(Matrix.Type.FLOAT64, square), Matrix.of(Matrix.Type.FLOAT64, identity));
  }

  /** Sums of cells by distance, then by key. */
  private double[] sums(double[] logits) {
    double[] sums = new double[unknowns];
    for (int query = 0; query < cells.size(); query++) {
      int start = cells.start(query);
      int from = cells.from(query);
      for (int key = from; key <= query; key++) {
        double cell = logits[start + key - from];
        sums[query - key] += cell;
        sums[cells.distances() + key] += cell;
      }
    }
    return sums;
  }

  /** A symmetric matrix times a vector. */
  private double[] solve(double[] inverse, double[] sums) {
    double[] x = new double[unknowns];
    for (int row = 0; row < unknowns; row++) {
      double sum = sums[row];
      int at = row * unknowns;
      for (int column = 0; column < unknowns; column++) {
        x[column] += sum * inverse[at + column];
      }
    }
    return x;
  }

  private double[] queries(double[] logits, double[] distance, double[] key) {
    double[] query = new double[cells.size()];
    for (int i = 0; i < query.length; i++) {
      int start = cells.start(i);
      int from = cells.from(i);
      double sum = 0;
      for (int j = from; j <= i; j++) {
        sum += logits[start + j - from] - distance[i - j] - key[j];
      }
      query[i] = sum / cells.keys(i);
    }
    return query;
  }

  /** Mean 0 of queries and keys, no slope of keys; the fitted cells stay as they are. */
  private static void fixGauge(double[] distance, double[] query, double[] key) {
    double slope = slope(key);
    for (int d = 0; d < distance.length; d++) {
      distance[d] -= slope * d;
    }
    for (int i = 0; i < query.length; i++) {
      query[i] += slope * i;
    }
    for (int j = 0; j < key.length; j++) {
      key[j] -= slope * j;
    }
    double ofQueries = mean(query);
    double ofKeys = mean(key);
    shift(query, -ofQueries);
    shift(key, -ofKeys);
    shift(distance, ofQueries + ofKeys);
  }

  private static double slope(double[] values) {
    double middle = (values.length - 1) / 2.0;
    double mean = mean(values);
    double products = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      products += (i - middle) * (values[i] - mean);
      squares += (i - middle) * (i - middle);
    }
    return squares > 0 ? products / squares : 0;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static void shift(double[] values, double by) {
    for (int i = 0; i < values.length; i++) {
      values[i] += by;
    }
  }

  private double[] fitted(double[] distance, double[] query, double[] key) {
    double[] fitted = new double[cells.count()];
    for (int i = 0; i < cells.size(); i++) {
      int start = cells.start(i);
      int from = cells.from(i);
      double ofQuery = query.length == 0 ? 0 : query[i];
      for (int j = from; j <= i; j++) {
        fitted[start + j - from] = distance[i - j] + key[j] + ofQuery;
      }
    }
    return fitted;
  }
}
