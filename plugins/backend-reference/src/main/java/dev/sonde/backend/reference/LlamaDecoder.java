package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.backend.reference.LlamaWeights.Block;
import dev.sonde.formats.huggingface.DecoderSpec;
import java.util.Arrays;
import java.util.List;

/**
 * The Llama decoder, top-down. Activations are flat arrays {@code [tokens, width]} over all tokens
 * of some sequences that stand one behind the other; only attention knows where one ends.
 */
final class LlamaDecoder {
  private final DecoderSpec spec;
  private final LlamaWeights weights;
  private final Kernel kernel;
  private final Rotary rotary;

  LlamaDecoder(DecoderSpec spec, LlamaWeights weights, Kernel kernel) {
    this.spec = spec;
    this.weights = weights;
    this.kernel = kernel;
    this.rotary = new Rotary(spec.rotaryFrequencies());
  }

  /** Is shown the activations at every hook point that is passed, {@code [tokens, width]}. */
  interface Observer {
    void see(HookPoint point, float[] activations);
  }

  /**
   * A run of tokens of one sequence.
   *
   * @param start its first token among all tokens
   * @param length its tokens
   * @param cache keys and values of the tokens before it; those of its own are added
   */
  record Segment(int start, int length, KeyValueCache cache) {}

  /**
   * Runs the first blocks.
   *
   * @return the residual stream after them
   */
  float[] forward(int[] tokens, List<Segment> segments, int layers, Observer observer) {
    float[] residual = embed(tokens);
    observer.see(HookPoint.EMBED, residual);
    for (int layer = 0; layer < layers; layer++) {
      Block block = weights.blocks().get(layer);
      if (layer == 0) {
        observer.see(HookPoint.of(0, "hook_resid_pre"), residual);
      }
      float[] attention = attention(block, layer, norm(residual, block.inputNorm()), segments);
      observer.see(HookPoint.of(layer, "hook_attn_out"), attention);
      residual = add(residual, attention);
      observer.see(HookPoint.of(layer, "hook_resid_mid"), residual);
      float[] mlp = mlp(block, norm(residual, block.postAttentionNorm()));
      observer.see(HookPoint.of(layer, "hook_mlp_out"), mlp);
      residual = add(residual, mlp);
      observer.see(HookPoint.of(layer, HookPoint.RESID_POST), residual);
    }
    return residual;
  }

  private float[] embed(int[] tokens) {
    float[] rows = new float[tokens.length * spec.width()];
    for (int t = 0; t < tokens.length; t++) {
      System.arraycopy(
          weights.embedding(), tokens[t] * spec.width(), rows, t * spec.width(), spec.width());
    }
    return rows;
  }

  /** RMSNorm: {@code x / sqrt(mean(x²) + ε) · gain}. */
  private float[] norm(float[] x, float[] gain) {
    int width = spec.width();
    float[] normed = new float[x.length];
    for (int row = 0; row < x.length; row += width) {
      double squares = 0;
      for (int c = 0; c < width; c++) {
        squares += (double) x[row + c] * x[row + c];
      }
      float scale = (float) (1 / Math.sqrt(squares / width + spec.normEpsilon()));
      for (int c = 0; c < width; c++) {
        normed[row + c] = x[row + c] * scale * gain[c];
      }
    }
    return normed;
  }

  private static float[] add(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  /** Grouped-query attention, every sequence for itself. */
  private float[] attention(Block block, int layer, float[] x, List<Segment> segments) {
    int tokens = x.length / spec.width();
    float[] queries = block.query().apply(kernel, x, tokens);
    float[] keys = block.key().apply(kernel, x, tokens);
    float[] values = block.value().apply(kernel, x, tokens);
    float[] mixed = new float[queries.length];
    for (Segment segment : segments) {
      int past = segment.cache().length(layer);
      for (int t = 0; t < segment.length(); t++) {
        rotate(queries, segment.start() + t, spec.heads(), past + t);
        rotate(keys, segment.start() + t, spec.keyValueHeads(), past + t);
      }
      segment.cache().append(layer, keys, values, segment.start(), segment.length());
      for (int t = 0; t < segment.length(); t++) {
        for (int head = 0; head < spec.heads(); head++) {
          attend(segment.cache(), layer, queries, mixed, segment.start() + t, head, past + t + 1);
        }
      }
    }
    return block.output().apply(kernel, mixed, tokens);
  }

  private void rotate(float[] projected, int token, int heads, int position) {
    for (int head = 0; head < heads; head++) {
      rotary.rotate(projected, (token * heads + head) * spec.headWidth(), position);
    }
  }

  /** One head of one token: {@code softmax(q·k / sqrt(d_head))} over the visible keys, times v. */
  private void attend(
      KeyValueCache cache,
      int layer,
      float[] queries,
      float[] mixed,
      int token,
      int head,
      int visible) {
    int width = spec.headWidth();
    int offset = (token * spec.heads() + head) * width;
    int shared = head / (spec.heads() / spec.keyValueHeads());
    float[] scores = new float[visible];
    float highest = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < visible; j++) {
      int key = (j * spec.keyValueHeads() + shared) * width;
      float score = 0;
      for (int c = 0; c < width; c++) {
        score += queries[offset + c] * cache.keys(layer)[key + c];
      }
      scores[j] = score / (float) Math.sqrt(width);
      highest = Math.max(highest, scores[j]);
    }
    double total = 0;
    for (int j = 0; j < visible; j++) {
      scores[j] = (float) Math.exp(scores[j] - highest);
      total += scores[j];
    }
    for (int j = 0; j < visible; j++) {
      float share = (float) (scores[j] / total);
      int value = (j * spec.keyValueHeads() + shared) * width;
      for (int c = 0; c < width; c++) {
        mixed[offset + c] += share * cache.values(layer)[value + c];
      }
    }
  }

  /** SwiGLU: {@code down(silu(gate x) · up x)}. */
  private float[] mlp(Block block, float[] x) {
    int tokens = x.length / spec.width();
    float[] gate = block.gate().apply(kernel, x, tokens);
    float[] up = block.up().apply(kernel, x, tokens);
    for (int i = 0; i < gate.length; i++) {
      gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
    }
    return block.down().apply(kernel, gate, tokens);
  }

  /** Log-probabilities of the token after one row of the final residual stream, in nats. */
  double[] logProbabilities(float[] residual, int row) {
    int width = spec.width();
    float[] last = Arrays.copyOfRange(residual, row * width, (row + 1) * width);
    float[] logits = weights.head().apply(kernel, norm(last, weights.finalNorm()), 1);
    double highest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      highest = Math.max(highest, logit);
    }
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit - highest);
    }
    double[] logProbabilities = new double[logits.length];
    for (int v = 0; v < logits.length; v++) {
      logProbabilities[v] = logits[v] - highest - Math.log(total);
    }
    return logProbabilities;
  }
}
