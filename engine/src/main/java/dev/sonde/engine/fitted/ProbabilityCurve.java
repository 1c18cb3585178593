package dev.sonde.engine.fitted;

import dev.sonde.formats.json.JsonText;
import dev.sonde.statistics.IsotonicCurve;
import dev.sonde.statistics.LogisticCurve;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What turns a score into the probability of the positive class, as a card writes it. */
public sealed interface ProbabilityCurve {
  /** The probability of a score. */
  double probability(double score);

  /** As a card writes it. */
  Map<String, Object> json();

  /** A logistic curve: {@code 1 / (1 + exp(−(slope · score + intercept)))}. */
  record Platt(LogisticCurve curve) implements ProbabilityCurve {
    @Override
    public double probability(double score) {
      return curve.probability(score);
    }

    @Override
    public Map<String, Object> json() {
      return JsonText.object(
          "kind", "platt", "slope", curve.slope(), "intercept", curve.intercept());
    }
  }

  /** A curve that never falls, linear between its places and level beyond them. */
  record Isotonic(IsotonicCurve curve) implements ProbabilityCurve {
    @Override
    public double probability(double score) {
      return curve.probability(score);
    }

    @Override
    public Map<String, Object> json() {
      return JsonText.object(
          "kind",
          "isotonic",
          "scores",
          boxed(curve.scores()),
          "probabilities",
          boxed(curve.probabilities()));
    }

    private static List<Double> boxed(double[] values) {
      return Arrays.stream(values).boxed().toList();
    }
  }

  /** The curve fitted to the rows' own held-out scores. */
  static ProbabilityCurve fitted(String kind, double[] scores, boolean[] positive) {
    return kind.equals("isotonic")
        ? new Isotonic(IsotonicCurve.of(scores, positive))
        : new Platt(LogisticCurve.of(scores, positive));
  }
}
