package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.AttentionSpec.Sight;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.Rotary;
import java.util.Optional;

/**
 * Attention of one run with its scores in the open: with soft caps, sinks, changes, or somebody
 * looking.
 */
final class OpenAttention {
  private final DecoderSpec spec;
  private final PackedTokens.Edges edges;

  OpenAttention(DecoderSpec spec, PackedTokens.Edges edges) {
    this.spec = spec;
    this.edges = edges;
  }

  /** What kernels call it. */
  static String name(Sight sight) {
    return sight.symmetric() ? "BOTH" : sight.chunked() ? "CHUNK" : "BACK";
  }

  /** Whether a run's scores are others than those of its queries and keys. */
  boolean changes(int layer, PackedTokens.Run run) {
    boolean farther = run.distances().isPresent() && attention(layer).rotary().isPresent();
    return run.hides() || farther || !run.scores(Sites.of(layer).scores()).isEmpty();
  }

  private AttentionSpec attention(int layer) {
    return spec.attention(layer).orElseThrow();
  }

  /**
   * Mixes the values of a run.
   *
   * @param before its queries and keys as they are before rotation
   * @param part its queries, and keys and values with those before them
   * @param place of the run among all
   */
  PtNDArray mix(
      Torch.Scope inner,
      int layer,
      Tokens.Heads before,
      Tokens.Heads part,
      PackedTokens.Run run,
      int place,
      Optional<PtNDArray> sinks,
      Taps taps) {
    Sites at = Sites.of(layer);
    PtNDArray scores = scores(inner, layer, before, part, run, at);
    return mixOne(inner, scores, part.v(), place, sinks, taps, at);
  }

  /** 1 where a query of the run does not see a key, {@code [queries, keys]}. */
  private static PtNDArray hidden(Torch.Scope inner, PackedTokens.Run run) {
    int keys = run.before() + run.length();
    float[] hidden = new float[run.length() * keys];
    for (Sequence.Blocked blocked : run.sequence().orElseThrow().blocked()) {
      for (int query = Math.max(blocked.queryFrom(), run.before());
          query < Math.min(blocked.queryTo(), keys);
          query++) {
        for (int key = blocked.keyFrom(); key < Math.min(blocked.keyTo(), keys); key++) {
          hidden[(query - run.before()) * keys + key] = key == query ? 0 : 1;
        }
      }
    }
    return inner.floats(hidden, run.length(), keys);
  }

  private PtNDArray scores(
      Torch.Scope inner,
      int layer,
      Tokens.Heads before,
      Tokens.Heads part,
      PackedTokens.Run run,
      Sites at) {
    PtNDArray scores = scores(inner, layer, part, run);
    if (changes(layer, run) && run.distances().isPresent()) {
      Sequence.Distances distances = run.distances().get();
      PtNDArray far = far(inner, layer, before, run, distances.tokens());
      boolean always = distances.kind().equals(Sequence.Distances.CONSTANT);
      scores = inner.call("beyond", scores, far, always ? -1 : distances.tokens());
    }
    for (Intervention change : run.scores(at.scores())) {
      scores = changed(inner, scores, change);
    }
    return run.hides() ? inner.call("hide", scores, hidden(inner, run)) : scores;
  }

  private PtNDArray scores(Torch.Scope inner, int layer, Tokens.Heads part, PackedTokens.Run run) {
    AttentionSpec attention = attention(layer);
    Sight sight = attention.sight();
    return inner.call(
        "scores",
        part.q(),
        part.k(),
        run.before(),
        sight.window(),
        name(sight),
        attention.scale(),
        attention.cap(),
        slopes(inner, attention));
  }

  private static PtNDArray slopes(Torch.Scope inner, AttentionSpec attention) {
    float[] slopes = new float[attention.slopes().size()];
    for (int head = 0; head < slopes.length; head++) {
      slopes[head] = attention.slopes().get(head);
    }
    return inner.floats(slopes, slopes.length);
  }

  /** Scores as if every key stood at one distance: queries turned that far, keys not at all. */
  private PtNDArray far(
      Torch.Scope inner, int layer, Tokens.Heads before, PackedTokens.Run run, int distance) {
    Rotary rotary = attention(layer).rotary().orElseThrow();
    PtNDArray q = turned(inner, rotary, before.q(), run, distance);
    PtNDArray k = turned(inner, rotary, before.k(), run, 0);
    return scores(inner, layer, new Tokens.Heads(q, k, before.v()), run);
  }

  private static PtNDArray turned(
      Torch.Scope inner, Rotary rotary, PtNDArray x, PackedTokens.Run run, int position) {
    return RotaryRows.of(rotary, oneRun(run, position), run.length(), inner).rotate(inner, x);
  }

  /** All tokens of a run at one position. */
  private static RotaryRows.Runs oneRun(PackedTokens.Run run, int position) {
    return new RotaryRows.Runs() {
      @Override
      public int count() {
        return 1;
      }

      @Override
      public int length(int ignored) {
        return run.length();
      }

      @Override
      public int position(int ignored, int token) {
        return position;
      }

      @Override
      public int sequenceLength(int ignored) {
        return run.length();
      }
    };
  }

  private static PtNDArray changed(Torch.Scope inner, PtNDArray scores, Intervention change) {
    float[] values = change.values();
    if (values.length != scores.getShape().size()) {
      throw new UnsupportedCapabilityException(
          "%s: %d numbers for scores of shape %s"
              .formatted(change, values.length, scores.getShape()));
    }
    PtNDArray given = inner.floats(values, scores.getShape().getShape());
    boolean replaces = change.kind().equals(Intervention.REPLACE);
    return inner.call("change_scores", scores, given, change.amount(), replaces);
  }

  /** Softmax and mixing in the open. */
  private PtNDArray mixOne(
      Torch.Scope inner,
      PtNDArray scores,
      PtNDArray values,
      int run,
      Optional<PtNDArray> sinks,
      Taps taps,
      Sites at) {
    if (taps.wants(at.scores())) {
      edges.at(at.scores(), run, scores);
    }
    PtNDArray pattern =
        sinks.isPresent()
            ? inner.call("softmax_with_sinks", scores, sinks.get())
            : inner.call("softmax", scores);
    if (taps.wants(at.pattern())) {
      edges.at(at.pattern(), run, pattern);
    }
    return inner.call("mix", pattern, values);
  }
}
