package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.formats.safetensors.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The weights of a decoder.
 *
 * @param embedding {@code [vocabulary, width]}
 * @param blocks one per layer
 * @param finalNorm gain of the last norm
 * @param head residual stream to logits
 */
record LlamaWeights(float[] embedding, List<Block> blocks, float[] finalNorm, Linear head) {

  /** The weights of one block, under their Hugging Face names. */
  record Block(
      float[] inputNorm,
      Linear query,
      Linear key,
      Linear value,
      Linear output,
      float[] postAttentionNorm,
      Linear gate,
      Linear up,
      Linear down) {}

  static LlamaWeights read(ModelFolder folder) {
    DecoderSpec spec = folder.spec();
    String head = spec.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight";
    return new LlamaWeights(
        floats(folder.weight("model.embed_tokens.weight", spec.vocabulary(), spec.width())),
        IntStream.range(0, spec.layers()).mapToObj(l -> block(folder, l)).toList(),
        floats(folder.weight("model.norm.weight", spec.width())),
        Linear.read(folder, head, spec.vocabulary(), spec.width()));
  }

  private static Block block(ModelFolder folder, int layer) {
    DecoderSpec spec = folder.spec();
    String prefix = "model.layers." + layer + ".";
    int width = spec.width();
    int queries = spec.heads() * spec.headWidth();
    int keys = spec.keyValueHeads() * spec.headWidth();
    return new Block(
        floats(folder.weight(prefix + "input_layernorm.weight", width)),
        Linear.read(folder, prefix + "self_attn.q_proj.weight", queries, width),
        Linear.read(folder, prefix + "self_attn.k_proj.weight", keys, width),
        Linear.read(folder, prefix + "self_attn.v_proj.weight", keys, width),
        Linear.read(folder, prefix + "self_attn.o_proj.weight", width, queries),
        floats(folder.weight(prefix + "post_attention_layernorm.weight", width)),
        Linear.read(folder, prefix + "mlp.gate_proj.weight", spec.mlpWidth(), width),
        Linear.read(folder, prefix + "mlp.up_proj.weight", spec.mlpWidth(), width),
        Linear.read(folder, prefix + "mlp.down_proj.weight", width, spec.mlpWidth()));
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.floatAt(i);
    }
    return values;
  }
}
