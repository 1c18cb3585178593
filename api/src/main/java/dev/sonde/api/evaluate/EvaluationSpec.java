package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import java.util.List;

/**
 * What to evaluate: features, not rows, so that the engine can read the same features elsewhere
 * (embedding, other models) for its controls.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class EvaluationSpec {
  private final List<CaptureRequest> requests;
  private final List<String> decoders;

  private EvaluationSpec(List<CaptureRequest> requests, List<String> decoders) {
    this.requests = List.copyOf(requests);
    this.decoders = List.copyOf(decoders);
  }

  /**
   * Every decoder on every hook point of the request, against the labels and groups of its study.
   *
   * @param decoders short names
   */
  public static EvaluationSpec of(CaptureRequest features, List<String> decoders) {
    return of(List.of(features), decoders);
  }

  /**
   * The same of several requests, which read different tokens: what is chosen is chosen among all
   * of them, and p covers that choice.
   *
   * @param requests at least one
   * @throws IllegalArgumentException if there is none, or two read the same tokens
   */
  public static EvaluationSpec of(List<CaptureRequest> requests, List<String> decoders) {
    long different = requests.stream().map(CaptureRequest::tokens).distinct().count();
    if (requests.isEmpty() || different < requests.size()) {
      throw new IllegalArgumentException("an evaluation reads different tokens, each once");
    }
    return new EvaluationSpec(requests, decoders);
  }

  /** Where the features come from. */
  public List<CaptureRequest> requests() {
    return requests;
  }

  /**
   * What a hook point of a request is called in the evaluation: with its tokens where there are
   * several requests, see {@link HookPoint#at}.
   */
  public HookPoint named(CaptureRequest request, HookPoint point) {
    return requests.size() > 1 ? point.at(request.tokens()) : point;
  }

  /** The decoders' names. */
  public List<String> decoders() {
    return decoders;
  }
}
