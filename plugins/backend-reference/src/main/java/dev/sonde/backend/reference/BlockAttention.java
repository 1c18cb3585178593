package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.AttentionSpec.Gate;
import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.AttentionSpec.QueryKeyNorm;
import dev.sonde.formats.huggingface.AttentionSpec.Temperature;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Attention of one block; every sequence sees itself alone. */
final class BlockAttention implements Mixer {
  private final int layer;
  private final AttentionSpec spec;
  private final int heads;
  private final int sharing;
  private final int valueWidth;
  private final Projection projection;
  private final Optional<Norm> queryNorm;
  private final Optional<Norm> keyNorm;
  private final Optional<Norm> valueNorm;
  private final Optional<Rotation> rotation;
  private final Scores scores;
  private final Optional<float[]> sinks;
  private final Optional<NamedLinear> gate;
  private final NamedLinear output;

  BlockAttention(
      AttentionSpec attention, DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.layer = layer;
    this.spec = attention;
    this.heads = attention.heads();
    this.sharing = attention.heads() / attention.keyValueHeads();
    this.valueWidth = attention.valueWidth();
    this.projection =
        attention.latent().isPresent()
            ? new LatentProjection(attention, weights, layer, kernel)
            : new LinearProjection(attention, spec, weights, layer, kernel);
    this.queryNorm = headNorm(weights, Part.QUERY_NORM, attention.queriesWidth());
    this.keyNorm = headNorm(weights, Part.KEY_NORM, attention.keysWidth());
    this.valueNorm = attention.valueNorm().map(kind -> Norm.bare(kind, valueWidth));
    this.rotation = attention.rotary().map(r -> new Rotation(r, attention.headWidth()));
    this.scores = new Scores(attention);
    this.sinks = weights.sinks(layer).map(Floats::of);
    this.gate =
        attention.gate() == Gate.LINEAR
            ? Optional.of(NamedLinear.of(weights.linear(Part.OUTPUT_GATE, layer), kernel))
            : Optional.empty();
    this.output = NamedLinear.of(weights.linear(Part.OUTPUT, layer), kernel);
  }

  private Optional<Norm> headNorm(DecoderWeights weights, Part part, int ofToken) {
    return weights
        .headNorm(part, layer)
        .map(
            gain -> {
              boolean whole = spec.queryKeyNorm().orElseThrow().over() == Over.TOKEN;
              return Norm.of(whole ? ofToken : spec.headWidth(), gain);
            });
  }

  @Override
  public float[] apply(float[] x, List<Run> runs, Observer observer) {
    Projection.Heads projected = projection.apply(x, observer);
    float[] queries = queries(projected.queries(), runs, observer);
    Optional<KeyValues> own =
        spec.keysOf().isPresent() ? Optional.empty() : Optional.of(keys(projected, runs, observer));
    float[] z = mixed(queries, own, runs, observer);
    Optional<float[]> gates = projected.gates().or(() -> gate.map(g -> g.apply(x, observer)));
    if (gates.isPresent()) {
      for (int i = 0; i < z.length; i++) {
        z[i] *= (float) Nonlinearity.sigmoid(gates.get()[i]);
      }
    }
    observer.see(layer, "attn.hook_z", z);
    HookPoint result = HookPoint.of(layer, "attn.hook_result");
    if (observer.wants(result)) {
      observer.see(result, headResults(z));
    }
    return output.apply(z, observer);
  }

  private float[] queries(float[] projected, List<Run> runs, Observer observer) {
    observer.see(layer, "attn.hook_q", projected);
    float[] queries = clipped(isLate() ? projected : normed(queryNorm, projected));
    observer.see(layer, "attn.hook_q_pre_rot", queries);
    queries = turned(queries, heads, runs);
    queries = isLate() ? normed(queryNorm, queries) : queries;
    queries = spec.temperature().isPresent() ? grown(queries, runs) : queries;
    if (rotation.isPresent()) {
      observer.see(layer, "attn.hook_rot_q", queries);
    }
    return queries;
  }

  /** Rotated keys, and values. */
  private KeyValues keys(Projection.Heads projected, List<Run> runs, Observer observer) {
    observer.see(layer, "attn.hook_k", projected.keys());
    float[] values = normed(valueNorm, clipped(projected.values()));
    observer.see(layer, "attn.hook_v", values);
    float[] keys = clipped(isLate() ? projected.keys() : normed(keyNorm, projected.keys()));
    observer.see(layer, "attn.hook_k_pre_rot", keys);
    keys = turned(keys, heads / sharing, runs);
    keys = isLate() ? normed(keyNorm, keys) : keys;
    if (rotation.isPresent()) {
      observer.see(layer, "attn.hook_rot_k", keys);
    }
    return new KeyValues(spec.keysWidth(), spec.valuesWidth(), keys, values);
  }

  private boolean isLate() {
    return spec.queryKeyNorm().map(QueryKeyNorm::afterRotation).orElse(false);
  }

  private float[] turned(float[] x, int count, List<Run> runs) {
    return rotation.map(r -> r.apply(x, count, runs)).orElse(x);
  }

  private float[] clipped(float[] x) {
    if (spec.clip() == 0) {
      return x;
    }
    float bound = (float) spec.clip();
    float[] cut = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      cut[i] = Math.clamp(x[i], -bound, bound);
    }
    return cut;
  }

  private static float[] normed(Optional<Norm> norm, float[] x) {
    return norm.map(n -> n.apply(x)).orElse(x);
  }

  /** Queries times what their positions make of them. */
  private float[] grown(float[] queries, List<Run> runs) {
    Temperature temperature = spec.temperature().orElseThrow();
    float[] grown = queries.clone();
    for (Run run : runs) {
      for (int t = 0; t < run.length(); t++) {
        int from = (run.start() + t) * spec.queriesWidth();
        float factor = temperature.at(run.past() + t);
        for (int i = from; i < from + spec.queriesWidth(); i++) {
          grown[i] *= factor;
        }
      }
    }
    return grown;
  }

  /** Values mixed by the pattern of each head: {@code [tokens, heads, d_head]}. */
  private float[] mixed(
      float[] queries, Optional<KeyValues> own, List<Run> runs, Observer observer) {
    HookPoint scoresPoint = HookPoint.of(layer, HookPoint.SCORES);
    HookPoint patternPoint = HookPoint.of(layer, HookPoint.PATTERN);
    List<float[]> allScores = new ArrayList<>();
    List<float[]> allPatterns = new ArrayList<>();
    int tokens = queries.length / spec.queriesWidth();
    float[] z = new float[tokens * spec.mixedWidth()];
    for (Run run : runs) {
      KeyValues seen = own.map(o -> run.seen(layer, o)).orElseGet(() -> lent(run));
      for (int t = 0; t < run.length(); t++) {
        int position = run.past() + t;
        float[] row =
            scores.of(queries, run.start() + t, seen.keys(), position, run.sequenceLength());
        float[] pattern = pattern(row);
        mix(pattern, seen.values(), z, run.start() + t);
        if (observer.wants(scoresPoint)) {
          allScores.add(row);
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

  /** What the block whose keys and values this one takes has made of the run's sequence. */
  private KeyValues lent(Run run) {
    return run.cache()
        .orElseThrow()
        .all(spec.keysOf().orElseThrow(), spec.keysWidth(), spec.valuesWidth());
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
      int to = (token * heads + head) * valueWidth;
      for (int j = 0; j < count; j++) {
        float share = pattern[head * count + j];
        int value = j * spec.valuesWidth() + head / sharing * valueWidth;
        for (int i = 0; i < valueWidth; i++) {
          z[to + i] += share * values[value + i];
        }
      }
    }
  }

  /** What each head alone adds, without the bias: {@code [tokens, heads, d_model]}. */
  private float[] headResults(float[] z) {
    int width = output.linear().out();
    int tokens = z.length / (heads * valueWidth);
    float[] results = new float[tokens * heads * width];
    for (int head = 0; head < heads; head++) {
      int from = head * valueWidth;
      float[] own = Floats.columns(z, heads * valueWidth, from, from + valueWidth);
      float[] result = output.linear().ofInputs(from, from + valueWidth).apply(own);
      for (int t = 0; t < tokens; t++) {
        System.arraycopy(result, t * width, results, (t * heads + head) * width, width);
      }
    }
    return results;
  }
}
