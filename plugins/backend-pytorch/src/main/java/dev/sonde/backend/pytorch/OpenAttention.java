package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.Frequencies;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.AttentionSpec.Sight;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.Rotary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Attention of one run with its scores in the open: with soft caps, sinks, changes, or somebody
 * looking.
 */
final class OpenAttention {
  /** Scores of a run that are in memory at once where nobody looks at them: 64 MiB. */
  private static final long MOST_SCORES = 1 << 24;

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
    Queries all = new Queries(run, 0, run.length());
    long keys = (long) run.before() + run.length();
    long step = Math.max(1, MOST_SCORES / (attention(layer).heads() * keys));
    boolean seen =
        taps.wants(at.scores()) || taps.wants(at.pattern()) || !run.scores(at.scores()).isEmpty();
    if (seen || step >= run.length() || attention(layer).sight().symmetric()) {
      PtNDArray scores = scores(inner, layer, before, part, all, at);
      return mixOne(inner, scores, part.v(), place, sinks, taps, at);
    }
    List<PtNDArray> mixed = new ArrayList<>();
    for (int from = 0; from < run.length(); from += (int) step) {
      int to = (int) Math.min(run.length(), from + step);
      try (Torch.Scope own = inner.inner()) {
        Queries some = new Queries(run, from, to);
        PtNDArray scores =
            scores(own, layer, some.of(own, before, false), some.of(own, part, true), some, at);
        PtNDArray values = own.call("rows", part.v(), 0, some.keys());
        mixed.add(inner.keep(mixOne(own, scores, values, place, sinks, taps, at)));
      }
    }
    return inner.call("join", (Object) mixed.toArray(PtNDArray[]::new));
  }

  /** Some queries of a run, from one to the one before another, with the keys up to theirs. */
  private record Queries(PackedTokens.Run run, int from, int to) {
    /** Tokens before the first of them. */
    int before() {
      return run.before() + from;
    }

    int length() {
      return to - from;
    }

    int keys() {
      return run.before() + to;
    }

    /** Their part of heads, which have what is before the run or have not. */
    Tokens.Heads of(Torch.Scope scope, Tokens.Heads heads, boolean past) {
      int end = past ? keys() : to;
      return new Tokens.Heads(
          scope.call("rows", heads.q(), from, to),
          scope.call("rows", heads.k(), 0, end),
          scope.call("rows", heads.v(), 0, end));
    }
  }

  /** 1 where a query of the run does not see a key, {@code [queries, keys]}. */
  private static PtNDArray hidden(Torch.Scope inner, Queries queries) {
    int keys = queries.keys();
    float[] hidden = new float[queries.length() * keys];
    for (Sequence.Blocked blocked : queries.run().sequence().orElseThrow().blocked()) {
      for (int query = Math.max(blocked.queryFrom(), queries.before());
          query < Math.min(blocked.queryTo(), keys);
          query++) {
        for (int key = blocked.keyFrom(); key < Math.min(blocked.keyTo(), keys); key++) {
          hidden[(query - queries.before()) * keys + key] = key == query ? 0 : 1;
        }
      }
    }
    return inner.floats(hidden, queries.length(), keys);
  }

  private PtNDArray scores(
      Torch.Scope inner,
      int layer,
      Tokens.Heads before,
      Tokens.Heads part,
      Queries queries,
      Sites at) {
    PackedTokens.Run run = queries.run();
    PtNDArray scores = scores(inner, layer, part, queries.before());
    if (changes(layer, run) && run.distances().isPresent()) {
      Distances distances = run.distances().get();
      PtNDArray far = far(inner, layer, before, queries, distances);
      boolean always = distances.kind().equals(Distances.CONSTANT);
      scores = inner.call("beyond", scores, far, always ? -1 : distances.tokens());
    }
    for (Intervention change : run.scores(at.scores())) {
      scores = changed(inner, scores, change);
    }
    return run.hides() ? inner.call("hide", scores, hidden(inner, queries)) : scores;
  }

  private PtNDArray scores(Torch.Scope inner, int layer, Tokens.Heads part, int before) {
    AttentionSpec attention = attention(layer);
    Sight sight = attention.sight();
    return inner.call(
        "scores",
        part.q(),
        part.k(),
        before,
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

  /**
   * Scores as if every key stood at one distance, queries turned that far and keys not at all, or
   * both at the position of their group.
   */
  private PtNDArray far(
      Torch.Scope inner, int layer, Tokens.Heads before, Queries queries, Distances distances) {
    Rotary rotary = attention(layer).rotary().orElseThrow();
    PackedTokens.Run run = queries.run();
    int reach = distances.tokens();
    int group = distances.group();
    boolean grouped = distances.kind().equals(Distances.GROUPED);
    IntUnaryOperator ofQuery =
        grouped ? i -> (queries.before() + i) / group + reach - reach / group : i -> reach;
    IntUnaryOperator ofKey = grouped ? j -> j / group : j -> 0;
    PtNDArray q = turned(inner, rotary, before.q(), run, queries.length(), ofQuery);
    PtNDArray k = turned(inner, rotary, before.k(), run, queries.to(), ofKey);
    return scores(inner, layer, new Tokens.Heads(q, k, before.v()), queries.before());
  }

  private static PtNDArray turned(
      Torch.Scope inner,
      Rotary rotary,
      PtNDArray x,
      PackedTokens.Run run,
      int tokens,
      IntUnaryOperator position) {
    return RotaryRows.of(rotary, oneRun(run, tokens, position), tokens, inner).rotate(inner, x);
  }

  /** Some tokens of a run at positions of their own. */
  private static RotaryRows.Runs oneRun(
      PackedTokens.Run run, int tokens, IntUnaryOperator position) {
    return new RotaryRows.Runs() {
      @Override
      public int count() {
        return 1;
      }

      @Override
      public int length(int ignored) {
        return tokens;
      }

      @Override
      public int position(int ignored, int token) {
        return position.applyAsInt(token);
      }

      @Override
      public int sequenceLength(int ignored) {
        return run.length();
      }

      @Override
      public Optional<Frequencies> frequencies(int ignored) {
        return run.sequence().flatMap(Sequence::frequencies);
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
