package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.Attention;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Scores as a model announces that it makes them, of its queries and keys before rotation. */
final class AnnouncedScores {
  /** ‖a − b‖ / ‖b‖ of a head's row. */
  private static final double TOLERANCE = 1e-4;

  private AnnouncedScores() {}

  /** Compares them with the scores that the model computes. */
  static void compare(LanguageModel backend, int[] tokens) {
    ModelInfo info = backend.info();
    assertThat(info.attention())
        .as("number of blocks that info().attention() describes")
        .hasSize(info.layers());
    for (int layer = 0; layer < info.layers(); layer++) {
      Attention attention = info.attention().get(layer);
      if (attention.rotary().filter(rotary -> rotary.upTo() < tokens.length).isPresent()) {
        continue;
      }
      List<Read> reads =
          List.of(
              Read.of(HookPoint.of(layer, "attn.hook_q_pre_rot"), Selector.all()),
              Read.of(HookPoint.of(layer, "attn.hook_k_pre_rot"), Selector.all()),
              Read.of(HookPoint.of(layer, HookPoint.SCORES), Selector.all()));
      Map<Read, Readings> all = Readings.each(backend, reads, List.of(Sequence.of(tokens)), 0);
      for (int head = 0; head < info.heads(); head++) {
        for (int query = 0; query < tokens.length; query++) {
          float[] q = at(info, all, reads.get(0), query, head);
          float[] expected = row(all, reads.get(2), query);
          int first = attention.window() > 0 ? Math.max(0, query - attention.window() + 1) : 0;
          float[] ours = new float[query - first + 1];
          float[] theirs = new float[ours.length];
          for (int key = first; key <= query; key++) {
            int shared = head / (info.heads() / info.keyValueHeads());
            float[] k = at(info, all, reads.get(1), key, shared);
            double raw = attention.scale() * product(attention, q, query, k, key);
            double cap = attention.softCap();
            ours[key - first] = (float) (cap > 0 ? cap * Math.tanh(raw / cap) : raw);
            theirs[key - first] = expected[head * (query + 1) + key];
          }
          Readings.assertClose(ours, theirs, TOLERANCE);
        }
      }
    }
  }

  private static float[] row(Map<Read, Readings> all, Read read, int token) {
    return Objects.requireNonNull(all.get(read), read::toString).row(0, token);
  }

  private static float[] at(
      ModelInfo info, Map<Read, Readings> all, Read read, int token, int head) {
    float[] heads = row(all, read, token);
    float[] one = new float[info.headWidth()];
    System.arraycopy(heads, head * one.length, one, 0, one.length);
    return one;
  }

  /** The product of both, turned to their positions. */
  private static double product(Attention attention, float[] q, int at, float[] k, int other) {
    double sum = 0;
    int turning = 0;
    if (attention.rotary().isPresent()) {
      Attention.Rotary rotary = attention.rotary().get();
      turning = rotary.width();
      for (int plane = 0; plane < rotary.frequencies().length; plane++) {
        int first = rotary.interleaved() ? 2 * plane : plane;
        int second = rotary.interleaved() ? 2 * plane + 1 : plane + turning / 2;
        double angle = (at - other) * (double) rotary.frequencies()[plane];
        double real = q[first] * k[first] + q[second] * k[second];
        double imaginary = q[second] * k[first] - q[first] * k[second];
        sum +=
            rotary.magnitude()
                * rotary.magnitude()
                * (real * Math.cos(angle) - imaginary * Math.sin(angle));
      }
    }
    for (int i = turning; i < q.length; i++) {
      sum += q[i] * k[i];
    }
    return sum;
  }
}
