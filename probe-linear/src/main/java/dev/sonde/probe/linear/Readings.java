package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.EvaluationSpec;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.ProbeContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What the probe reads: some hook points at one kind of token, or at several, and then each hook
 * point is called with its tokens.
 */
record Readings(EvaluationSpec spec) {
  /**
   * Of some tokens.
   *
   * @param tokens see {@link CaptureRequest#of}
   */
  static Readings of(List<String> points, List<String> tokens, List<String> decoders) {
    return new Readings(
        EvaluationSpec.of(
            tokens.stream().map(each -> CaptureRequest.of(points, each)).toList(), decoders));
  }

  /** Of the main model on the main data set. */
  Map<HookPoint, Matrix> captured(ProbeContext context) {
    return captured(context, request -> request);
  }

  /** Of the main model on a further data set. */
  Map<HookPoint, Matrix> onSet(ProbeContext context, String set) {
    return captured(context, request -> request.onSet(set));
  }

  /** Of a further model on the main data set. */
  Map<HookPoint, Matrix> ofModel(ProbeContext context, String model) {
    return captured(context, request -> request.ofModel(model));
  }

  private Map<HookPoint, Matrix> captured(
      ProbeContext context, UnaryOperator<CaptureRequest> where) {
    Map<HookPoint, Matrix> captured = new LinkedHashMap<>();
    for (CaptureRequest request : spec.requests()) {
      context
          .capture(where.apply(request))
          .forEach((point, rows) -> captured.put(spec.named(request, point), rows));
    }
    return captured;
  }

  /** Which tokens, for the metadata of files. */
  String tokens() {
    return spec.requests().stream()
        .map(request -> request.selector() + "/" + request.reduction())
        .collect(Collectors.joining(","));
  }

  /** Whether two hook points are read at the same tokens. */
  boolean sameTokens(HookPoint one, HookPoint other) {
    return tokens(one).equals(tokens(other));
  }

  private static String tokens(HookPoint point) {
    return point.name().substring(point.place().name().length());
  }
}
