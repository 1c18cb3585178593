package dev.sonde.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelTest {
  /** Rows and columns that fill blocks of four rows and vectors of columns, and that do not. */
  @ParameterizedTest
  @CsvSource({"1, 3, 16", "4, 5, 32", "7, 9, 64", "5, 4, 7"})
  void everyKernelIsTheSumOfProducts(int rows, int in, int out) {
    float[] x = random(rows * in);
    float[] w = random(in * out);
    for (Kernel kernel : List.of(new ScalarKernel(), new VectorKernel())) {
      float[] y = new float[rows * out];
      kernel.multiply(x, w, y, rows, in, out);
      for (int i = 0; i < y.length; i++) {
        double sum = 0;
        for (int k = 0; k < in; k++) {
          sum += (double) x[i / out * in + k] * w[k * out + i % out];
        }
        assertThat((double) y[i]).as("%s, cell %d", kernel, i).isCloseTo(sum, within(1e-5));
      }
    }
  }

  private static float[] random(int count) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
