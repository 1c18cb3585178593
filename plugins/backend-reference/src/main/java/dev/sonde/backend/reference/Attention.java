package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderSpec.QueryKeyNorm;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Attention of one block; every sequence sees itself alone. */
final class Attention {
  private final int layer;
  private final int heads;
  private final int sharing;
  private final int headWidth;
  private final int keyWidth;
  private final float scale;
  private final double cap;
  private final int window;
  private final Projections projections;
  private final Optional<Norm> queryNorm;
  private final Optional<Norm> keyNorm;
  private final Optional<Rotation> rotation;
  private final Optional<float[]> sinks;
  private final NamedLinear output;

  Attention(DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    DecoderSpec.Attention attention = spec.attention();
    this.layer = layer;
    this.heads = attention.heads();
    this.sharing = attention.heads() / attention.keyValueHeads();
    this.headWidth = attention.headWidth();
    this.keyWidth = attention.keyWidth();
    this.scale = (float) attention.scale(layer);
    this.cap = attention.cap();
    this.window = attention.windows().get(layer);
    this.projections = new Projections(spec, weights, layer, kernel);
    boolean whole = attention.queryKeyNorm() == QueryKeyNorm.WHOLE;
    int queries = whole ? attention.queryWidth() : headWidth;
    int keys = whole ? attention.keyWidth() : headWidth;
    this.queryNorm =
        weights.headNorm(Part.QUERY_NORM, layer).map(g -> Norm.of(spec.norm(), queries, g));
    this.keyNorm = weights.headNorm(Part.KEY_NORM, layer).map(g -> Norm.of(spec.norm(), keys, g));
    this.rotation = attention.rotary().get(layer).map(r -> new Rotation(r, headWidth));
    this.sinks = weights.sinks(layer).map(Floats::of);
    this.output = NamedLinear.of(weights.linear(Part.OUTPUT, layer), kernel);
  }

  /** What it adds to the residual stream: {@code [tokens, d_model]}. */
  float[] apply(float[] x, List<Run> runs, Observer observer) {
    Projections.Heads projected = projections.apply(x, observer);
    observer.see(layer, "attn.hook_q", projected.queries());
    observer.see(layer, "attn.hook_k", projected.keys());
    observer.see(layer, "attn.hook_v", projected.values());

    float[] queries = normed(queryNorm, projected.queries());
    float[] keys = normed(keyNorm, projected.keys());
    observer.see(layer, "attn.hook_q_pre_rot", queries);
    observer.see(layer, "attn.hook_k_pre_rot", keys);

    if (rotation.isPresent()) {
      queries = rotation.get().apply(queries, heads, runs);
      keys = rotation.get().apply(keys, heads / sharing, runs);
      observer.see(layer, "attn.hook_rot_q", queries);
      observer.see(layer, "attn.hook_rot_k", keys);
    }

    KeyValues seen = new KeyValues(keyWidth, keys, projected.values());
    float[] z = mixed(queries, seen, runs, observer);
    observer.see(layer, "attn.hook_z", z);
    HookPoint result = HookPoint.of(layer, "attn.hook_result");
    if (observer.wants(result)) {
      observer.see(result, headResults(z));
    }
    return output.apply(z, observer);
  }

  private static float[] normed(Optional<Norm> norm, float[] x) {
    return norm.map(n -> n.apply(x)).orElse(x);
  }

  /** Values mixed by the pattern of each head: {@code [tokens, heads, d_head]}. */
  private float[] mixed(float[] queries, KeyValues own, List<Run> runs, Observer observer) {
    HookPoint scoresPoint = HookPoint.of(layer, HookPoint.SCORES);
    HookPoint patternPoint = HookPoint.of(layer, HookPoint.PATTERN);
    List<float[]> allScores = new ArrayList<>();
    List<float[]> allPatterns = new ArrayList<>();
    float[] z = new float[queries.length];
    for (Run run : runs) {
      KeyValues seen = run.seen(layer, own);
      for (int t = 0; t < run.length(); t++) {
        float[] scores = scores(queries, run.start() + t, seen.keys(), run.past() + t);
        float[] pattern = pattern(scores);
        mix(pattern, seen.values(), z, run.start() + t);
        if (observer.wants(scoresPoint)) {
          allScores.add(scores);
        }
        if (observer.wants(patternPoint)) {
          allPatterns.add(pattern);
        }
      }
    }
    observer.seeEdges(scoresPoint, allScores);
    observer.seeEdges(patternPoint, allPatterns);
    return z;
  }

  /**
   * {@code scale · q·k}, soft-capped, of one token with all keys up to its own; −∞ outside the
   * window.
   *
   * @return {@code [heads, keys]}
   */
  private float[] scores(float[] queries, int token, float[] keys, int position) {
    int count = position + 1;
    int first = window > 0 ? Math.max(0, count - window) : 0;
    float[] scores = new float[heads * count];
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    for (int head = 0; head < heads; head++) {
      int query = (token * heads + head) * headWidth;
      for (int j = first; j < count; j++) {
        int key = j * keyWidth + head / sharing * headWidth;
        scores[head * count + j] = capped(scale * dot(queries, query, keys, key));
      }
    }
    return scores;
  }

  private float dot(float[] a, int fromA, float[] b, int fromB) {
    float sum = 0;
    for (int i = 0; i < headWidth; i++) {
      sum += a[fromA + i] * b[fromB + i];
    }
    return sum;
  }

  private float capped(float score) {
    return cap > 0 ? (float) (cap * Math.tanh(score / cap)) : score;
  }

  /** Softmax of each head's scores; its sink takes part, and its share is dropped. */
  private float[] pattern(float[] scores) {
    int count = scores.length / heads;
    float[] pattern = new float[scores.length];
    for (int head = 0; head < heads; head++) {
      int from = head * count;
      float[] row = Arrays.copyOfRange(scores, from, from + count);
      double[] shares = Softmax.of(withSink(row, head));
      for (int j = 0; j < count; j++) {
        pattern[from + j] = (float) shares[j];
      }
    }
    return pattern;
  }

  private float[] withSink(float[] scores, int head) {
    if (sinks.isEmpty()) {
      return scores;
    }
    float[] row = Arrays.copyOf(scores, scores.length + 1);
    row[scores.length] = sinks.get()[head];
    return row;
  }

  /** Adds {@code Σ pattern · v} of each head of one token to z. */
  private void mix(float[] pattern, float[] values, float[] z, int token) {
    int count = pattern.length / heads;
    for (int head = 0; head < heads; head++) {
      int to = (token * heads + head) * headWidth;
      for (int j = 0; j < count; j++) {
        float share = pattern[head * count + j];
        int value = j * keyWidth + head / sharing * headWidth;
        for (int i = 0; i < headWidth; i++) {
          z[to + i] += share * values[value + i];
        }
      }
    }
  }

  /** What each head alone adds, without the bias: {@code [tokens, heads, d_model]}. */
  private float[] headResults(float[] z) {
    int width = output.linear().out();
    int tokens = z.length / (heads * headWidth);
    float[] results = new float[tokens * heads * width];
    for (int head = 0; head < heads; head++) {
      int from = head * headWidth;
      float[] own = Floats.columns(z, heads * headWidth, from, from + headWidth);
      float[] result = output.linear().ofInputs(from, from + headWidth).apply(own);
      for (int t = 0; t < tokens; t++) {
        System.arraycopy(result, t * width, results, (t * heads + head) * width, width);
      }
    }
    return results;
  }
}
