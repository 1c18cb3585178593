package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.position.read.PlaneRows;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Constant parts of queries or keys, per head and plane over all tokens of all texts: how long the
 * mean is beside what varies round it, {@code ρ_m = |mean| / √E|x − mean|²}.
 */
public final class Offsets {
  private final int planes;
  private final double[] real;
  private final double[] imaginary;
  private final double[] squares;
  private long tokens;

  /**
   * Nothing so far.
   *
   * @param planes of a head
   */
  Offsets(int heads, int planes) {
    this.planes = planes;
    this.real = new double[heads * planes];
    this.imaginary = new double[heads * planes];
    this.squares = new double[heads * planes];
  }

  /** Adds the rows of one head; rows that are no numbers are left out. */
  void add(int head, PlaneRows rows) {
    if (!rows.isFinite()) {
      return;
    }
    if (head == 0) {
      tokens += rows.tokens();
    }
    for (int token = 0; token < rows.tokens(); token++) {
      for (int plane = 0; plane < planes; plane++) {
        double a = rows.real(token, plane);
        double b = rows.imaginary(token, plane);
        real[head * planes + plane] += a;
        imaginary[head * planes + plane] += b;
        squares[head * planes + plane] += a * a + b * b;
      }
    }
  }

  /** Number of heads. */
  public int heads() {
    return real.length / planes;
  }

  /** ρ of a head and plane. */
  public double ratio(int head, int plane) {
    int at = head * planes + plane;
    double a = real[at] / tokens;
    double b = imaginary[at] / tokens;
    double mean = a * a + b * b;
    return Math.sqrt(mean / Math.max(0, squares[at] / tokens - mean));
  }

  /**
   * The sums of several blocks as tensors {@code [blocks, heads · planes]}.
   *
   * @param side what they are of, the beginning of the tensors' names
   */
  static Artifact artifact(String side, Offsets[] blocks) {
    return Artifact.empty()
        .with(side + ".real", rows(blocks, offsets -> offsets.real))
        .with(side + ".imaginary", rows(blocks, offsets -> offsets.imaginary))
        .with(side + ".squares", rows(blocks, offsets -> offsets.squares))
        .with(side + ".tokens", Arrays.stream(blocks).mapToLong(o -> o.tokens).toArray());
  }

  private static Matrix rows(Offsets[] blocks, Function<Offsets, double[]> sums) {
    return Matrix.of(Matrix.Type.FLOAT64, Arrays.stream(blocks).map(sums).toArray(double[][]::new));
  }

  /** Adds the sums of a block that were written. */
  void add(String side, int block, Artifact written) {
    add(real, written.tensor(side + ".real").row(block));
    add(imaginary, written.tensor(side + ".imaginary").row(block));
    add(squares, written.tensor(side + ".squares").row(block));
    tokens += written.integers(side + ".tokens")[block];
  }

  private static void add(double[] sums, double[] more) {
    Arrays.setAll(sums, i -> sums[i] + more[i]);
  }
}
