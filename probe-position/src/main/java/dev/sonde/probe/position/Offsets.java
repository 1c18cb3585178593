package dev.sonde.probe.position;

/**
 * Constant parts of queries or keys, per head and plane over all tokens of all texts: how long the
 * mean is beside what varies round it, {@code ρ_m = |mean| / √E|x − mean|²}.
 */
final class Offsets {
  private final double[] real;
  private final double[] imaginary;
  private final double[] squares;
  private long tokens;
  private int counted;

  /**
   * Nothing so far.
   *
   * @param planes of all heads
   */
  Offsets(int planes) {
    this.real = new double[planes];
    this.imaginary = new double[planes];
    this.squares = new double[planes];
  }

  /** Adds the rows of one head; rows that are no numbers are left out. */
  void add(int head, PlaneRows rows) {
    if (!rows.isFinite()) {
      return;
    }
    if (head == 0) {
      tokens += rows.tokens();
    }
    int count = rows.planes().count();
    counted = count;
    for (int token = 0; token < rows.tokens(); token++) {
      for (int plane = 0; plane < count; plane++) {
        double a = rows.real(token, plane);
        double b = rows.imaginary(token, plane);
        real[head * count + plane] += a;
        imaginary[head * count + plane] += b;
        squares[head * count + plane] += a * a + b * b;
      }
    }
  }

  int heads() {
    return counted == 0 ? 0 : real.length / counted;
  }

  /** ρ of a head and plane. */
  double ratio(int head, int plane) {
    int at = head * counted + plane;
    double a = real[at] / tokens;
    double b = imaginary[at] / tokens;
    double mean = a * a + b * b;
    return Math.sqrt(mean / Math.max(0, squares[at] / tokens - mean));
  }
}
