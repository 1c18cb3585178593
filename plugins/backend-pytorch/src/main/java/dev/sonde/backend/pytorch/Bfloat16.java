package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import java.time.Duration;
import java.util.Arrays;

/**
 * Whether linears are faster in bfloat16 on this machine, measured: processors with AMX or AVX-512
 * BF16 gain, on others libtorch's plain loops are hundreds of times slower than float32.
 */
final class Bfloat16 {
  /** A gain below this is not worth the digits that bfloat16 loses. */
  static final double WORTHWHILE = 1.2;

  /** Rows of the first products, few enough to end soon at a thousandth of the usual speed. */
  private static final int FEW_ROWS = 16;

  /** Rows of the products that decide, as many as a pass over some prompts has. */
  private static final int MANY_ROWS = 512;

  /** Widest matrix that is multiplied; wider ones gain alike. */
  private static final int WIDEST = 2048;

  /**
   * Plain loops are slower than this by far; conversions alone, which weigh on few rows, are not.
   */
  private static final double HOPELESS = 0.05;

  private static final int LEAST_RUNS = 3;
  private static final int MOST_RUNS = 20;
  private static final Duration MOST_TIME = Duration.ofMillis(300);

  private Bfloat16() {}

  /**
   * How many times faster a linear is in bfloat16 than in float32, the conversions of its input and
   * output included. Takes less than a second, three where bfloat16 is hopeless.
   *
   * @param in width of its input
   * @param out width of its output
   */
  static double speedup(Torch torch, int in, int out) {
    int columns = Math.min(in, WIDEST);
    int rows = Math.min(out, WIDEST);
    double few = speedup(torch, FEW_ROWS, columns, rows);
    return few < HOPELESS ? few : speedup(torch, MANY_ROWS, columns, rows);
  }

  /**
   * From the shortest runs of each, taken in turns, so that other work on the machine hits both.
   */
  private static double speedup(Torch torch, int tokens, int in, int out) {
    try (Torch.Scope scope = torch.scope()) {
      PtNDArray x = ones(scope, tokens, in);
      PtNDArray weight = ones(scope, out, in);
      PtNDArray rounded = scope.call("narrow", weight);
      nanoseconds(scope, "linear", x, weight);
      nanoseconds(scope, "linear_bf16", x, rounded);
      long began = System.nanoTime();
      long exact = Long.MAX_VALUE;
      long narrow = Long.MAX_VALUE;
      for (int i = 0; i < LEAST_RUNS || (isWithin(began) && i < MOST_RUNS); i++) {
        exact = Math.min(exact, nanoseconds(scope, "linear", x, weight));
        narrow = Math.min(narrow, nanoseconds(scope, "linear_bf16", x, rounded));
      }
      return (double) exact / narrow;
    }
  }

  private static boolean isWithin(long began) {
    return System.nanoTime() - began < MOST_TIME.toNanos();
  }

  private static PtNDArray ones(Torch.Scope scope, int rows, int columns) {
    float[] numbers = new float[rows * columns];
    Arrays.fill(numbers, 1);
    return scope.floats(numbers, rows, columns);
  }

  private static long nanoseconds(Torch.Scope scope, String kernel, PtNDArray x, PtNDArray weight) {
    try (Torch.Scope inner = scope.inner()) {
      long began = System.nanoTime();
      inner.await(inner.call(kernel, x, weight));
      return System.nanoTime() - began;
    }
  }
}
