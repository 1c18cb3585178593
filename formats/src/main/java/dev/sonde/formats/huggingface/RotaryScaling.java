package dev.sonde.formats.huggingface;

/**
 * Rotary frequencies in radians a position, one per plane, computed as Hugging Face does: in
 * float32 and in the same order of operations.
 */
final class RotaryScaling {
  private RotaryScaling() {}

  /** {@code base^(-2m/width)} for plane m. */
  static float[] plain(double base, int width) {
    float[] frequencies = new float[width / 2];
    for (int plane = 0; plane < frequencies.length; plane++) {
      frequencies[plane] = 1f / (float) Math.pow((float) base, (float) (2 * plane) / width);
    }
    return frequencies;
  }

  /** Position interpolation: everything slower by one factor. */
  static float[] linear(float[] plain, double factor) {
    float[] frequencies = plain.clone();
    for (int plane = 0; plane < frequencies.length; plane++) {
      frequencies[plane] /= (float) factor;
    }
    return frequencies;
  }

  /** The base for sequences longer than the trained context (dynamic NTK). */
  static double dynamicBase(double base, int width, double factor, int length, int trained) {
    return base * Math.pow(factor * length / trained - (factor - 1), (double) width / (width - 2));
  }

  /**
   * Llama 3: planes that turn slowly are slowed by the factor, fast ones are left, those between
   * are interpolated.
   *
   * @param low wavelengths above {@code trained / low} are slowed
   * @param high wavelengths below {@code trained / high} are left
   */
  static float[] llama3(float[] plain, double factor, double low, double high, int trained) {
    float[] frequencies = plain.clone();
    for (int plane = 0; plane < frequencies.length; plane++) {
      float frequency = plain[plane];
      float wavelength = (float) (2 * Math.PI) / frequency;
      if (wavelength > trained / low) {
        frequencies[plane] = frequency / (float) factor;
      } else if (wavelength >= trained / high) {
        float smooth = (trained / wavelength - (float) low) / (float) (high - low);
        frequencies[plane] = (1 - smooth) * frequency / (float) factor + smooth * frequency;
      }
    }
    return frequencies;
  }

  /**
   * YaRN: like Llama 3, but the ramp runs over the index of the plane.
   *
   * @param fast turns within the trained context above which a plane is left as it is
   * @param slow turns below which it is slowed by the factor
   * @param whole whether the ends of the ramp are rounded to whole planes
   */
  static float[] yarn(
      double base, int width, double factor, double fast, double slow, int trained, boolean whole) {
    double from = planeOfTurns(fast, base, width, trained);
    double to = planeOfTurns(slow, base, width, trained);
    from = Math.max(whole ? Math.floor(from) : from, 0);
    to = Math.min(whole ? Math.ceil(to) : to, width - 1);
    float[] frequencies = new float[width / 2];
    for (int plane = 0; plane < frequencies.length; plane++) {
      float period = (float) Math.pow((float) base, (float) (2 * plane) / width);
      float kept = 1 - ramp(plane, from, to);
      frequencies[plane] = 1f / ((float) factor * period) * (1 - kept) + 1f / period * kept;
    }
    return frequencies;
  }

  /** The plane that turns so often within the trained context. */
  private static double planeOfTurns(double turns, double base, int width, int trained) {
    return width * Math.log(trained / (turns * 2 * Math.PI)) / (2 * Math.log(base));
  }

  private static float ramp(int plane, double from, double to) {
    double end = from == to ? to + 0.001 : to; // as Hugging Face avoids a division by zero
    return Math.clamp((plane - (float) from) / (float) (end - from), 0f, 1f);
  }

  /** Each plane slowed by a factor of its own (LongRoPE). */
  static float[] perPlane(double base, int width, double[] factors) {
    float[] frequencies = new float[width / 2];
    for (int plane = 0; plane < frequencies.length; plane++) {
      float period = (float) Math.pow((float) base, (float) (2 * plane) / width);
      frequencies[plane] = 1f / ((float) factors[plane] * period);
    }
    return frequencies;
  }

  /** YaRN's factor on cosines and sines: {@code 0.1 · m · ln(factor) + 1}. */
  static double yarnMagnitude(double factor, double m) {
    return factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1;
  }

  /** LongRoPE's factor on cosines and sines. */
  static double longMagnitude(double factor, int trained) {
    return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trained));
  }
}
