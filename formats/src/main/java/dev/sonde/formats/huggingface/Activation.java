package dev.sonde.formats.huggingface;

/** Non-linearities. */
public enum Activation {
  /** {@code x · σ(x)}. */
  SILU,
  /** {@code x · Φ(x)}. */
  GELU,
  /** The tanh approximation of GELU. */
  GELU_TANH,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code max(x, 0)²}. */
  RELU_SQUARED,
  /**
   * {@code a x² + x/2} for positive x, else {@code (exp(min(x, ε)) − 1 − x) b + x/2}, with trained
   * a and b (Huang and Schlag 2025).
   */
  XIELU,
  /** {@code (up + 1) · gate · σ(slope · gate)}, gate cut at limit, up at ±limit (GPT-OSS). */
  CLAMPED_SWIGLU;

  /** The one of a name in config.json. */
  static Activation of(Fields config, String field, String absent) {
    return switch (config.text(field, absent)) {
      case "silu", "swish" -> SILU;
      case "gelu" -> GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> GELU_TANH;
      case "relu" -> RELU;
      case "relu2" -> RELU_SQUARED;
      case "xielu" -> XIELU;
      default ->
          throw config.problem(
              field,
              "is not supported; supported: silu, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, relu,"
                  + " relu2, xielu");
    };
  }
}
