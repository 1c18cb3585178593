package dev.sonde.backend.pytorch;

import java.util.Locale;
import java.util.Optional;

/**
 * The number type of the linears of the blocks. Residual stream, norms, attention, routing, experts
 * and unembedding are float32 in any case.
 *
 * @param bfloat16 whether their weights are held in bfloat16 and their inputs rounded to it
 * @param note what the user should know of the choice
 */
record Precision(boolean bfloat16, Optional<String> note) {
  static final String FLOAT32 = "float32";
  static final String BFLOAT16 = "bfloat16";

  /** Everything in float32. */
  static final Precision SINGLE = new Precision(false, Optional.empty());

  /**
   * What is meant by bfloat16, or by auto, which is bfloat16 where that pays.
   *
   * @param speedup how many times faster bfloat16 was measured to be
   */
  static Precision of(String asked, double speedup) {
    String measured =
        String.format(
            Locale.ROOT, "linears in bfloat16 run %.3g times as fast as in float32 here", speedup);
    if (asked.equals(BFLOAT16)) {
      return new Precision(
          true,
          speedup < 1
              ? Optional.of("dtype bfloat16: " + measured + "; float32 is faster")
              : Optional.empty());
    }
    boolean pays = speedup >= Bfloat16.WORTHWHILE;
    return new Precision(
        pays,
        Optional.of(
            "dtype auto is %s: %s; bfloat16 is taken from %s times on"
                .formatted(pays ? BFLOAT16 : FLOAT32, measured, Bfloat16.WORTHWHILE)));
  }

  /** Its name, as models and stored activations carry it. */
  String dtype() {
    return bfloat16 ? BFLOAT16 : FLOAT32;
  }
}
