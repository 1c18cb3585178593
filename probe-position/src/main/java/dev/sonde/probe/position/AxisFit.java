package dev.sonde.probe.position;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
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
final class AxisFit {
  private final Cells cells;
  private final int unknowns;
  private final double[] inverseOfThree;
  private final double[] inverseOfTwo;
  private final int[] perDistance;
  private final int[] perKey;

  AxisFit(Cells cells, LinearAlgebra algebra) {
    this.cells = cells;
    this.unknowns = cells.distances() + cells.size();
    this.perDistance = new int[cells.distances()];
    this.perKey = new int[cells.size()];
    double[][] two = crossProducts();
    double[][] three = withoutQueries(two);
    double[] shift = shift();
    addOuter(two, shift, 1);
    addOuter(three, shiftOf(1, 0), 1);
    addOuter(three, shiftOf(0, 1), 1);
    addOuter(three, tilt(), 1);
    this.inverseOfTwo = inverse(algebra, two);
    this.inverseOfThree = inverse(algebra, three);
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
  int rankOfThree() {
    return cells.distances() + 2 * cells.size() - 3;
  }

  /** The r of E1 that pure noise gives: {@code √(rank / cells)}. */
  double nullLevel() {
    return Math.sqrt((double) rankOfThree() / cells.count());
  }

  /** How often two unknowns meet in a cell. */
  private double[][] crossProducts() {
    double[][] products = new double[unknowns][unknowns];
    for (int query = 0; query < cells.size(); query++) {
      for (int key = cells.from(query); key <= query; key++) {
        int distance = query - key;
        int column = cells.distances() + key;
        perDistance[distance]++;
        perKey[key]++;
        products[distance][distance]++;
        products[column][column]++;
        products[distance][column]++;
        products[column][distance]++;
      }
    }
    return products;
  }

  /** The same with the best b of every query put in. */
  private double[][] withoutQueries(double[][] products) {
    double[][] left = new double[unknowns][];
    Arrays.setAll(left, row -> products[row].clone());
    int[] met = new int[2 * cells.distances()];
    for (int query = 0; query < cells.size(); query++) {
      int keys = cells.keys(query);
      for (int i = 0; i < keys; i++) {
        met[i] = i;
        met[keys + i] = cells.distances() + cells.from(query) + i;
      }
      for (int i = 0; i < 2 * keys; i++) {
        for (int j = 0; j < 2 * keys; j++) {
          left[met[i]][met[j]] -= 1.0 / keys;
        }
      }
    }
    return left;
  }

  /** All distances up, all keys down. */
  private double[] shift() {
    double[] shift = shiftOf(1, 0);
    Arrays.fill(shift, cells.distances(), unknowns, -1);
    return shift;
  }

  private double[] shiftOf(double distances, double keys) {
    double[] shift = new double[unknowns];
    Arrays.fill(shift, 0, cells.distances(), distances);
    Arrays.fill(shift, cells.distances(), unknowns, keys);
    return shift;
  }

  /** Distances by their number, keys by theirs; scaled so that sums stay of one size. */
  private double[] tilt() {
    double[] tilt = new double[unknowns];
    for (int distance = 0; distance < cells.distances(); distance++) {
      tilt[distance] = (double) distance / cells.size();
    }
    for (int key = 0; key < cells.size(); key++) {
      tilt[cells.distances() + key] = (double) key / cells.size();
    }
    return tilt;
  }

  private static void addOuter(double[][] square, double[] v, double factor) {
    for (int i = 0; i < v.length; i++) {
      for (int j = 0; j < v.length; j++) {
        square[i][j] += factor * v[i] * v[j];
      }
    }
  }

  private double[] inverse(LinearAlgebra algebra, double[][] square) {
    double[][] identity = new double[unknowns][unknowns];
    for (int i = 0; i < unknowns; i++) {
      identity[i][i] = 1;
    }
    Matrix inverse =
        algebra.solvePositiveDefinite(
            Matrix.of(Matrix.Type.FLOAT64, square), Matrix.of(Matrix.Type.FLOAT64, identity));
    double[] flat = new double[unknowns * unknowns];
    MemorySegment.copy(inverse.segment(), ValueLayout.JAVA_DOUBLE, 0, flat, 0, flat.length);
    return flat;
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
