package dev.sonde.decoder.smile;

/** Sums over arrays, in loops that the compiler vectorises or that do not wait for one another. */
final class Vectors {
  private Vectors() {}

  static float[] floats(double[] values, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  static void add(double factor, double[] vector, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * vector[i];
    }
  }

  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  static double dot(double[] a, double[] b) {
    return dot(a, 0, b, 0, a.length);
  }

  /** The inner product of stretches of two arrays, in four sums side by side. */
  static double dot(double[] a, int fromA, double[] b, int fromB, int count) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      first += a[fromA + i] * b[fromB + i];
      second += a[fromA + i + 1] * b[fromB + i + 1];
      third += a[fromA + i + 2] * b[fromB + i + 2];
      fourth += a[fromA + i + 3] * b[fromB + i + 3];
    }
    for (; i < count; i++) {
      first += a[fromA + i] * b[fromB + i];
    }
    return first + second + (third + fourth);
  }

  /**
   * The sum of multiples of vectors, four at a time, so that it is read and written less often than
   * what is added.
   *
   * @param length of each of them
   */
  static float[] combined(float[][] all, float[] factors, int length) {
    float[] sum = new float[length];
    int next = 0;
    for (; next + 4 <= all.length; next += 4) {
      addFour(
          sum, all, next, factors[next], factors[next + 1], factors[next + 2], factors[next + 3]);
    }
    for (; next < all.length; next++) {
      addOne(sum, all[next], factors[next]);
    }
    return sum;
  }

  private static void addOne(float[] sum, float[] one, float factor) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * one[i];
    }
  }

  private static void addFour(
      float[] sum, float[][] all, int from, float ofA, float ofB, float ofC, float ofD) {
    float[] a = all[from];
    float[] b = all[from + 1];
    float[] c = all[from + 2];
    float[] d = all[from + 3];
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (ofA * a[i] + ofB * b[i]) + (ofC * c[i] + ofD * d[i]);
    }
  }

  /**
   * Adds multiples of vectors to four sums, from a place in them on: what is added is read once for
   * all four.
   *
   * @param from the first of the four, and that place
   * @param factors of each sum, one per vector
   */
  static void addFromOn(int from, float[][] sums, float[][] all, float[][] factors) {
    float[] first = sums[from];
    float[] second = sums[from + 1];
    float[] third = sums[from + 2];
    float[] fourth = sums[from + 3];
    for (int next = 0; next < all.length; next++) {
      float[] one = all[next];
      float ofFirst = factors[from][next];
      float ofSecond = factors[from + 1][next];
      float ofThird = factors[from + 2][next];
      float ofFourth = factors[from + 3][next];
      for (int i = from; i < one.length; i++) {
        first[i] += ofFirst * one[i];
        second[i] += ofSecond * one[i];
        third[i] += ofThird * one[i];
        fourth[i] += ofFourth * one[i];
      }
    }
  }
}
