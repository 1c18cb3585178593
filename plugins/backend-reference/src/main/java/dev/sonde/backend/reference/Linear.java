package dev.sonde.backend.reference;

import java.util.Arrays;
import java.util.Optional;

/**
 * A linear map {@code y = x Wᵀ + b}.
 *
 * @param in number of inputs
 * @param out number of outputs
 * @param transposed {@code Wᵀ}, {@code [in, out]}
 * @param bias {@code b}, {@code [out]}
 */
record Linear(Kernel kernel, int in, int out, float[] transposed, Optional<float[]> bias) {

  /** The map of {@code W}, {@code [out, in]}, as Hugging Face stores it. */
  static Linear of(Kernel kernel, int in, int out, float[] weight, Optional<float[]> bias) {
    float[] transposed = new float[in * out];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        transposed[i * out + o] = weight[o * in + i];
      }
    }
    return new Linear(kernel, in, out, transposed, bias);
  }

  /** Applies the map to {@code [rows, in]}. */
  float[] apply(float[] x) {
    int rows = x.length / in;
    float[] y = new float[rows * out];
    kernel.multiply(x, transposed, y, rows, in, out);
    bias.ifPresent(b -> addToRows(y, b));
    return y;
  }

  private static void addToRows(float[] y, float[] bias) {
    for (int i = 0; i < y.length; i++) {
      y[i] += bias[i % bias.length];
    }
  }

  /** What some of the inputs alone contribute, without the bias. */
  Linear ofInputs(int from, int to) {
    float[] some = Arrays.copyOfRange(transposed, from * out, to * out);
    return new Linear(kernel, to - from, out, some, Optional.empty());
  }
}
