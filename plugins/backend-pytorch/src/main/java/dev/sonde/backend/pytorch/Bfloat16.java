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

  /** Slower than this on few rows, it is no faster on many. */
  private static final double HOPELESS = 0.5;

  private static final int MOST_RUNS = 7;
  private static final Duration MOST_TIME = Duration.ofMillis(300);

  private Bfloat16() {}

  /**
   * How many times faster a linear is in bfloat16 than in float32, the conversions of its input and
   * output included. Takes about a second at most.
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

  private static double speedup(Torch torch, int tokens, int in, int out) {
    try (Torch.Scope scope = torch.scope()) {
      PtNDArray x = ones(scope, tokens, in);
      PtNDArray weight = ones(scope, out, in);
      PtNDArray narrow = scope.call("narrow", weight);
      return (double) nanoseconds(scope, "linear", x, weight)
          / nanoseconds(scope, "linear_bf16", x, narrow);
    }
  }

  private static PtNDArray ones(Torch.Scope scope, int rows, int columns) {
    float[] numbers = new float[rows * columns];
    Arrays.fill(numbers, 1);
    return scope.floats(numbers, rows, columns);
  }

  /** The shortest of some runs after a first one, as many as the time allows. */
  private static long nanoseconds(Torch.Scope scope, String kernel, PtNDArray x, PtNDArray weight) {
    long began = System.nanoTime();
    long shortest = run(scope, kernel, x, weight);
    for (int i = 0; i < MOST_RUNS && System.nanoTime() - began < MOST_TIME.toNanos(); i++) {
      shortest = Math.min(shortest, run(scope, kernel, x, weight));
    }
    return shortest;
  }

  private static long run(Torch.Scope scope, String kernel, PtNDArray x, PtNDArray weight) {
    try (Torch.Scope inner = scope.inner()) {
      long began = System.nanoTime();
      inner.call(kernel, x, weight);
      return System.nanoTime() - began;
    }
  }
}
