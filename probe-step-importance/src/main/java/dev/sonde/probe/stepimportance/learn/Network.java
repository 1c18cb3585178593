package dev.sonde.probe.stepimportance.learn;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A feed-forward classifier with rectified hidden layers and one output, the logarithm of the odds;
 * without a hidden layer it is logistic regression. Trained by AdamW on cross-entropy with a cosine
 * schedule. No epoch is selected: the last one counts.
 */
public final class Network {
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final LinearAlgebra algebra;
  private final List<Layer> layers = new ArrayList<>();

  /**
   * How it is trained.
   *
   * @param hidden units of each hidden layer
   * @param epochs passes over the training rows
   * @param batch rows a step
   * @param rate learning rate at the beginning
   * @param decay weight decay
   */
  public record Training(int[] hidden, int epochs, int batch, double rate, double decay) {}

  /**
   * Weights {@code [in, out]} and biases with AdamW's moments of each, in float32. Cells are
   * updated in an array, which is much faster than in place.
   */
  private static final class Layer {
    private final Matrix weights;
    private final float[] cells;
    private final float[] mean;
    private final float[] square;
    private final float[] biases;
    private final float[] biasMean;
    private final float[] biasSquare;

    Layer(int in, int out, RandomGenerator random) {
      weights = Matrix.zeros(Matrix.Type.FLOAT32, in, out);
      cells = new float[in * out];
      mean = new float[in * out];
      square = new float[in * out];
      biases = new float[out];
      biasMean = new float[out];
      biasSquare = new float[out];
      float bound = (float) (1 / Math.sqrt(in));
      for (int i = 0; i < cells.length; i++) {
        cells[i] = random.nextFloat(-bound, bound);
      }
      for (int i = 0; i < out; i++) {
        biases[i] = random.nextFloat(-bound, bound);
      }
      store();
    }

    private void store() {
      MemorySegment.copy(cells, 0, weights.segment(), ValueLayout.JAVA_FLOAT, 0, cells.length);
    }
  }

  private Network(LinearAlgebra algebra) {
    this.algebra = algebra;
  }

  /**
   * Trains a classifier.
   *
   * @param rows {@code [rows, features]} float32
   * @param positive the labels
   */
  public static Network train(
      Matrix rows,
      boolean[] positive,
      Training training,
      LinearAlgebra algebra,
      RandomGenerator random) {
    Network network = new Network(algebra);
    int in = rows.columns();
    for (int hidden : training.hidden()) {
      network.layers.add(new Layer(in, hidden, random));
      in = hidden;
    }
    network.layers.add(new Layer(in, 1, random));
    network.fit(rows, positive, training, random);
    return network;
  }

  private void fit(Matrix rows, boolean[] positive, Training training, RandomGenerator random) {
    int[] order = new int[rows.rows()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int batches = (order.length + training.batch() - 1) / training.batch();
    int total = training.epochs() * batches;
    int step = 0;
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      shuffle(order, random);
      for (int from = 0; from < order.length; from += training.batch()) {
        int to = Math.min(order.length, from + training.batch());
        double rate = training.rate() * 0.5 * (1 + Math.cos(Math.PI * step / total));
        step(rows, positive, Arrays.copyOfRange(order, from, to), ++step, rate, training);
      }
    }
  }

  private static void shuffle(int[] order, RandomGenerator random) {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
  }

  private void step(
      Matrix rows, boolean[] positive, int[] batch, int step, double rate, Training training) {
    List<Matrix> inputs = new ArrayList<>();
    Matrix current = gather(rows, batch);
    for (int l = 0; l < layers.size(); l++) {
      inputs.add(current);
      current = forward(current, layers.get(l), l + 1 < layers.size());
    }
    for (int i = 0; i < batch.length; i++) {
      double probability = 1 / (1 + Math.exp(-get(current, i)));
      put(current, i, (probability - (positive[batch[i]] ? 1 : 0)) / batch.length);
    }
    Matrix gradient = current;
    for (int l = layers.size() - 1; l >= 0; l--) {
      Layer layer = layers.get(l);
      Matrix ofWeights = algebra.transposeTimes(inputs.get(l), gradient);
      Matrix ofInput = l == 0 ? gradient : algebra.timesTranspose(gradient, layer.weights);
      update(layer, ofWeights, gradient, step, rate, training.decay());
      if (l > 0) {
        for (int i = 0; i < ofInput.rows() * ofInput.columns(); i++) {
          if (get(inputs.get(l), i) <= 0) {
            put(ofInput, i, 0);
          }
        }
      }
      gradient = ofInput;
    }
  }

  private Matrix forward(Matrix rows, Layer layer, boolean rectified) {
    Matrix sums = algebra.multiply(rows, layer.weights);
    for (int r = 0; r < sums.rows(); r++) {
      for (int c = 0; c < sums.columns(); c++) {
        int cell = r * sums.columns() + c;
        double sum = get(sums, cell) + layer.biases[c];
        put(sums, cell, rectified ? Math.max(0, sum) : sum);
      }
    }
    return sums;
  }

  private static void update(
      Layer layer, Matrix ofWeights, Matrix ofSums, int step, double rate, double decay) {
    float[] gradient = ofWeights.segment().toArray(ValueLayout.JAVA_FLOAT);
    update(layer.cells, gradient, layer.mean, layer.square, step, rate, decay);
    layer.store();
    float[] ofBiases = new float[layer.biases.length];
    for (int r = 0; r < ofSums.rows(); r++) {
      for (int c = 0; c < ofBiases.length; c++) {
        ofBiases[c] += (float) get(ofSums, r * ofBiases.length + c);
      }
    }
    update(layer.biases, ofBiases, layer.biasMean, layer.biasSquare, step, rate, 0);
  }

  /** AdamW (Loshchilov and Hutter 2019); biases do not decay. */
  private static void update(
      float[] values,
      float[] gradient,
      float[] mean,
      float[] square,
      int step,
      double rate,
      double decay) {
    float move = (float) (rate / (1 - Math.pow(BETA_1, step)));
    float second = (float) (1 / (1 - Math.pow(BETA_2, step)));
    float kept = (float) (1 - rate * decay);
    for (int i = 0; i < values.length; i++) {
      float g = gradient[i];
      mean[i] = BETA_1 * mean[i] + (1 - BETA_1) * g;
      square[i] = BETA_2 * square[i] + (1 - BETA_2) * g * g;
      values[i] =
          values[i] * kept - move * mean[i] / ((float) Math.sqrt(square[i] * second) + EPSILON);
    }
  }

  /** The logarithm of the odds of each row. */
  public double[] scores(Matrix rows) {
    Matrix current = rows;
    for (int l = 0; l < layers.size(); l++) {
      current = forward(current, layers.get(l), l + 1 < layers.size());
    }
    double[] scores = new double[rows.rows()];
    for (int r = 0; r < scores.length; r++) {
      scores[r] = get(current, r);
    }
    return scores;
  }

  /** Some rows of a matrix. */
  static Matrix gather(Matrix rows, int... chosen) {
    Matrix some = Matrix.zeros(Matrix.Type.FLOAT32, chosen.length, rows.columns());
    long bytes = (long) rows.columns() * Float.BYTES;
    for (int i = 0; i < chosen.length; i++) {
      MemorySegment.copy(rows.segment(), chosen[i] * bytes, some.segment(), i * bytes, bytes);
    }
    return some;
  }

  private static double get(Matrix matrix, int cell) {
    return matrix.segment().getAtIndex(ValueLayout.JAVA_FLOAT, cell);
  }

  private static void put(Matrix matrix, int cell, double value) {
    matrix.segment().setAtIndex(ValueLayout.JAVA_FLOAT, cell, (float) value);
  }
}
