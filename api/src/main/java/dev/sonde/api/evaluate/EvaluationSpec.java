package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.probe.CaptureRequest;
import java.util.List;

/**
 * What to evaluate: features, not rows, so that the engine can read the same features elsewhere
 * (embedding, other models) for its controls.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class EvaluationSpec {
  private final CaptureRequest features;
  private final List<String> decoders;

  private EvaluationSpec(CaptureRequest features, List<String> decoders) {
    this.features = features;
    this.decoders = List.copyOf(decoders);
  }

  /**
   * Every decoder on every hook point of the request, against the labels and groups of its study.
   *
   * @param decoders short names
   */
  public static EvaluationSpec of(CaptureRequest features, List<String> decoders) {
    return new EvaluationSpec(features, decoders);
  }

  /** Where the features come from. */
  public CaptureRequest features() {
    return features;
  }

  /** The decoders' names. */
  public List<String> decoders() {
    return decoders;
  }
}
