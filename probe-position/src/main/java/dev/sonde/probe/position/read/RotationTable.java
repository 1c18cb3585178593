package dev.sonde.probe.position.read;

/** Cosines and sines of what each plane has turned at each token of a text. */
public final class RotationTable {
  private final Planes planes;
  private final int tokens;
  private final double[] cos;
  private final double[] sin;

  /** The rotations of the first tokens of a text. */
  public RotationTable(Planes planes, int tokens) {
    this.planes = planes;
    this.tokens = tokens;
    this.cos = new double[tokens * planes.count()];
    this.sin = new double[tokens * planes.count()];
    for (int token = 0; token < tokens; token++) {
      for (int plane = 0; plane < planes.count(); plane++) {
        double angle = token * planes.frequency(plane);
        cos[token * planes.count() + plane] = Math.cos(angle);
        sin[token * planes.count() + plane] = Math.sin(angle);
      }
    }
  }

  /** Number of tokens. */
  public int tokens() {
    return tokens;
  }

  /** The cosine of the angle that a plane has turned by at a token. */
  public double cos(int token, int plane) {
    return cos[token * planes.count() + plane];
  }

  /** The sine of that angle. */
  public double sin(int token, int plane) {
    return sin[token * planes.count() + plane];
  }

  /** Rows turned by one angle each plane, as if they all stood so many tokens later. */
  public PlaneRows turnedBy(PlaneRows x, int tokens) {
    int count = planes.count();
    float[] turned = new float[x.values().length];
    for (int plane = 0; plane < count; plane++) {
      double c = Math.cos(tokens * planes.frequency(plane));
      double s = Math.sin(tokens * planes.frequency(plane));
      for (int token = 0; token < x.tokens(); token++) {
        double real = x.real(token, plane);
        double imaginary = x.imaginary(token, plane);
        turned[token * 2 * count + plane] = (float) (real * c - imaginary * s);
        turned[token * 2 * count + count + plane] = (float) (real * s + imaginary * c);
      }
    }
    return new PlaneRows(planes, x.tokens(), turned);
  }

  /** Rows turned by their index, times a factor. */
  public float[] turned(PlaneRows x, double factor) {
    int count = planes.count();
    float[] turned = new float[x.values().length];
    for (int token = 0; token < x.tokens(); token++) {
      int at = token * 2 * count;
      for (int plane = 0; plane < count; plane++) {
        double real = factor * x.real(token, plane);
        double imaginary = factor * x.imaginary(token, plane);
        double c = cos(token, plane);
        double s = sin(token, plane);
        turned[at + plane] = (float) (real * c - imaginary * s);
        turned[at + count + plane] = (float) (real * s + imaginary * c);
      }
    }
    return turned;
  }
}
