package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.Activation;

/** The non-linearities of MLPs. */
final class Nonlinearity {
  /** From here on erf is 1 in double precision. */
  private static final double ERF_IS_ONE = 6;

  /** Of the cubic term in the tanh approximation of GELU (Hendrycks and Gimpel 2016). */
  private static final double GELU_CUBIC = 0.044715;

  /** Of xIELU at zero. */
  static final double XIELU_SLOPE = 0.5;

  /** What its exponential is cut at. */
  private static final double XIELU_LEAST = -1e-6;

  private Nonlinearity() {}

  /**
   * Applies one to each number.
   *
   * @throws IllegalArgumentException for {@link Activation#CLAMPED_SWIGLU}, which takes two, and
   *     {@link Activation#XIELU}, which has trained numbers
   */
  static float[] apply(Activation kind, float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) apply(kind, x[i]);
    }
    return y;
  }

  private static double apply(Activation kind, double x) {
    return switch (kind) {
      case SILU -> x * sigmoid(x);
      case GELU -> x * (1 + erf(x / Math.sqrt(2))) / 2;
      case GELU_TANH ->
          x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + GELU_CUBIC * x * x * x))) / 2;
      case RELU -> Math.max(x, 0);
      case RELU_SQUARED -> Math.max(x, 0) * Math.max(x, 0);
      case XIELU, CLAMPED_SWIGLU ->
          throw new IllegalArgumentException(kind + " takes more than one number");
    };
  }

  /** {@code (up + 1) · gate · σ(slope · gate)}, gate cut at limit, up at ±limit (GPT-OSS). */
  static double clampedSwiglu(double gate, double up, double limit, double slope) {
    double cut = Math.min(gate, limit);
    return (Math.clamp(up, -limit, limit) + 1) * cut * sigmoid(slope * cut);
  }

  /**
   * {@code above · x² + x/2} for positive x, else {@code (exp(min(x, −ε)) − 1 − x) · below + x/2}.
   */
  static double xielu(double x, double above, double below) {
    return x > 0
        ? above * x * x + XIELU_SLOPE * x
        : (Math.expm1(Math.min(x, XIELU_LEAST)) - x) * below + XIELU_SLOPE * x;
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /**
   * The error function: {@code 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n+1))}, whose terms
   * are all of one sign (DLMF 7.6.2).
   */
  static double erf(double x) {
    if (Math.abs(x) >= ERF_IS_ONE) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.ulp(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
