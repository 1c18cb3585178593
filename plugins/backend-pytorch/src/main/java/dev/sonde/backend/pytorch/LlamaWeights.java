package dev.sonde.backend.pytorch;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The weights of a decoder as tensors over the mapped file; those not stored in float32 copied. */
final class LlamaWeights {
  private final List<MemorySegment> memory = new ArrayList<>();
  private final ModelFolder folder;
  private final Torch.Scope scope;
  private final PtNDArray embedding;
  private final List<Block> blocks;
  private final PtNDArray finalNorm;
  private final PtNDArray head;

  /** The weights of one block, {@code [out, in]} under their Hugging Face names. */
  record Block(
      PtNDArray inputNorm,
      PtNDArray query,
      PtNDArray key,
      PtNDArray value,
      PtNDArray output,
      PtNDArray postAttentionNorm,
      PtNDArray gate,
      PtNDArray up,
      PtNDArray down) {}

  LlamaWeights(ModelFolder folder, Torch.Scope scope) {
    this.folder = folder;
    this.scope = scope;
    DecoderSpec spec = folder.spec();
    this.embedding = weight("model.embed_tokens.weight", spec.vocabulary(), spec.width());
    this.blocks = IntStream.range(0, spec.layers()).mapToObj(this::readBlock).toList();
    this.finalNorm = weight("model.norm.weight", spec.width());
    this.head =
        spec.tiedHead() ? embedding : weight("lm_head.weight", spec.vocabulary(), spec.width());
  }

  private Block readBlock(int layer) {
    DecoderSpec spec = folder.spec();
    String prefix = "model.layers." + layer + ".";
    long width = spec.width();
    long queries = (long) spec.heads() * spec.headWidth();
    long keys = (long) spec.keyValueHeads() * spec.headWidth();
    return new Block(
        weight(prefix + "input_layernorm.weight", width),
        weight(prefix + "self_attn.q_proj.weight", queries, width),
        weight(prefix + "self_attn.k_proj.weight", keys, width),
        weight(prefix + "self_attn.v_proj.weight", keys, width),
        weight(prefix + "self_attn.o_proj.weight", width, queries),
        weight(prefix + "post_attention_layernorm.weight", width),
        weight(prefix + "mlp.gate_proj.weight", spec.mlpWidth(), width),
        weight(prefix + "mlp.up_proj.weight", spec.mlpWidth(), width),
        weight(prefix + "mlp.down_proj.weight", width, spec.mlpWidth()));
  }

  private PtNDArray weight(String name, long... shape) {
    Tensor tensor = folder.weight(name, shape);
    MemorySegment cells = tensor.data();
    if (tensor.dtype() != DType.F32 || cells.address() % Float.BYTES != 0) {
      cells = Arena.ofAuto().allocate(tensor.count() * Float.BYTES, Float.BYTES);
      tensor.copyFloats(0, cells, tensor.count());
    }
    memory.add(cells); // reachable as long as the tensors that point into it
    return scope.view(cells, DataType.FLOAT32, shape);
  }

  PtNDArray embedding() {
    return embedding;
  }

  Block block(int layer) {
    return blocks.get(layer);
  }

  PtNDArray finalNorm() {
    return finalNorm;
  }

  PtNDArray head() {
    return head;
  }
}
