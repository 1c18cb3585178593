package dev.sonde.testkit;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.formats.safetensors.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * How the rows of a point differ from their recording.
 *
 * @param worst {@code ‖a − b‖ / ‖b‖} of the worst row; nats where log-probabilities are compared
 * @param fault what is wrong with them; empty where nothing is
 */
record RowErrors(double worst, Optional<String> fault) {
  /** Float32 against float32: the middle row, and the worst. */
  private static final double TYPICAL = 1e-5;

  private static final double WORST = 5e-5;

  /** Log-probabilities are near 4 nats in these models: float32 and what lies before it. */
  private static final double NATS = 1e-4;

  static RowErrors fault(String what) {
    return new RowErrors(Double.POSITIVE_INFINITY, Optional.of(what));
  }

  static RowErrors worse(RowErrors a, RowErrors b) {
    return a.worst >= b.worst ? a : b;
  }

  /** Logits were recorded of the last token, everything else of all. */
  static Read read(HookPoint point) {
    return Read.of(point, point.equals(HookPoint.LOGITS) ? Selector.last() : Selector.all());
  }

  /**
   * Compares a prompt's rows with a recording, which may be of a longer prompt that begins so.
   *
   * @param tokens of the prompt
   */
  static RowErrors of(Readings actual, int sequence, int tokens, HookPoint point, Tensor expected) {
    if (point.equals(HookPoint.LOG_PROB)) {
      return logProbabilities(actual, sequence, tokens, expected);
    }
    if (point.isEdge()) {
      return edges(actual, sequence, tokens, expected);
    }
    return rows(actual, sequence, point.equals(HookPoint.LOGITS) ? 1 : tokens, point, expected);
  }

  private static RowErrors rows(
      Readings readings, int sequence, int count, HookPoint point, Tensor expected) {
    long recorded = point.equals(HookPoint.LOGITS) ? 1 : expected.shape().getFirst();
    double[] errors = new double[count];
    for (int row = 0; row < count; row++) {
      float[] actual = readings.row(sequence, row);
      if (expected.count() != recorded * actual.length) {
        return fault("rows of %d, recorded %s".formatted(actual.length, expected.shape()));
      }
      float[] wanted = new float[actual.length];
      for (int c = 0; c < wanted.length; c++) {
        wanted[c] = expected.floatAt((long) row * wanted.length + c);
      }
      errors[row] = Readings.relativeError(actual, wanted);
    }
    return verdict(errors);
  }

  private static RowErrors verdict(double[] errors) {
    Arrays.sort(errors);
    double middle = errors[errors.length / 2];
    double worst = errors[errors.length - 1];
    return new RowErrors(
        worst,
        middle <= TYPICAL && worst <= WORST
            ? Optional.empty()
            : Optional.of("middle %.1e, worst %.1e".formatted(middle, worst)));
  }

  /** Masks exactly, finite cells by their distance. */
  private static RowErrors edges(Readings readings, int sequence, int queries, Tensor expected) {
    int heads = Math.toIntExact(expected.shape().getFirst());
    int tokens = Math.toIntExact(expected.shape().getLast());
    double[] errors = new double[queries];
    for (int query = 0; query < queries; query++) {
      float[] actual = readings.row(sequence, query).clone();
      float[] wanted = new float[heads * (query + 1)];
      if (actual.length != wanted.length) {
        return fault(
            "query %d has %d cells, not %d".formatted(query, actual.length, wanted.length));
      }
      for (int i = 0; i < wanted.length; i++) {
        int head = i / (query + 1);
        int key = i % (query + 1);
        wanted[i] = expected.floatAt(((long) head * tokens + query) * tokens + key);
        if (Float.isInfinite(wanted[i]) != Float.isInfinite(actual[i])) {
          return fault("mask of query %d, head %d, key %d".formatted(query, head, key));
        }
        if (Float.isInfinite(wanted[i])) {
          wanted[i] = 0;
          actual[i] = 0;
        }
      }
      errors[query] = Readings.relativeError(actual, wanted);
    }
    return verdict(errors);
  }

  private static RowErrors logProbabilities(
      Readings readings, int sequence, int tokens, Tensor expected) {
    double worst = 0;
    for (int target = 0; target < tokens - 1; target++) {
      float actual = readings.row(sequence, target)[0];
      worst = Math.max(worst, Math.abs(actual - expected.floatAt(target)));
    }
    return new RowErrors(
        worst, worst <= NATS ? Optional.empty() : Optional.of("off by %.1e nats".formatted(worst)));
  }
}
