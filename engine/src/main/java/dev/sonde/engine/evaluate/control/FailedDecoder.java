package dev.sonde.engine.evaluate.control;

/**
 * A decoder that failed, and is left out of everything.
 *
 * @param decoder its name in the experiment
 * @param stage what it was to do, for example {@code cross-validation}
 * @param message what happened
 */
public record FailedDecoder(String decoder, String stage, String message) {
  /** The failure as a remark for readers of the report. */
  public String remark() {
    return "%s (in: %s); the other decoders are evaluated without it".formatted(message, stage);
  }
}
