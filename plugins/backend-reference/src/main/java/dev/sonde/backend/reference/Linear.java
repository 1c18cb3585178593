package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.formats.safetensors.Tensor;

/**
 * A linear layer {@code y = x Wᵀ}.
 *
 * @param in number of inputs
 * @param out number of outputs
 * @param transposed {@code Wᵀ}, {@code [in, out]}
 */
record Linear(int in, int out, float[] transposed) {
  /** Reads {@code W}, {@code [out, in]}, as Hugging Face stores it. */
  static Linear read(ModelFolder folder, String name, int out, int in) {
    Tensor weight = folder.weight(name, out, in);
    float[] transposed = new float[in * out];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        transposed[i * out + o] = weight.floatAt((long) o * in + i);
      }
    }
    return new Linear(in, out, transposed);
  }

  /** Applies the layer to {@code [rows, in]}. */
  float[] apply(Kernel kernel, float[] x, int rows) {
    float[] y = new float[rows * out];
    kernel.multiply(x, transposed, y, rows, in, out);
    return y;
  }
}
