package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.backend.pytorch.Parameters.InputTables;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.Part;
import dev.sonde.formats.huggingface.PerLayerSpec;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The inputs that blocks have of their own: a token's rows of a table, and what its embedding
 * becomes by one linear, normed block by block. The table may be larger than the rest of the model
 * and stays in its file.
 */
record BlockInputs(PerLayerSpec spec, int blocks, int modelWidth, InputTables weights) {
  static Optional<BlockInputs> of(DecoderSpec spec, Parameters tensors) {
    return spec.perLayer()
        .map(
            inputs ->
                new BlockInputs(
                    inputs, spec.layers(), spec.width(), tensors.inputTables().orElseThrow()));
  }

  /** The inputs of some tokens, {@code [tokens, blocks · width]}. */
  PtNDArray of(Torch.Scope scope, int[] ids, PtNDArray embedded) {
    int row = blocks * spec.width();
    float[] looked = new float[Math.multiplyExact(ids.length, row)];
    MemorySegment cells = MemorySegment.ofArray(looked);
    for (int token = 0; token < ids.length; token++) {
      long id = ids[token] < spec.vocabulary() ? ids[token] : 0;
      long to = (long) token * row * Float.BYTES;
      weights.table().copyFloats(id * row, cells.asSlice(to, (long) row * Float.BYTES), row);
    }
    return scope.call(
        "block_inputs",
        scope.call("linear", embedded, weights.projection()),
        weights.norm().gain(),
        weights.norm().kind().epsilon(),
        scope.floats(looked, ids.length, row),
        1 / Math.sqrt(modelWidth));
  }

  /**
   * What a block adds of its own input, {@code norm(out(f(gate x) · input))}.
   *
   * @param all the inputs of all blocks
   */
  PtNDArray added(
      Torch.Scope scope, PtNDArray x, PtNDArray all, int layer, Block block, Taps taps) {
    PtNDArray gates = Layers.linear(scope, x, block.linear(Part.PER_LAYER_GATE), taps);
    PtNDArray input = scope.call("columns", all, layer * spec.width(), (layer + 1) * spec.width());
    PtNDArray gated =
        scope.call("times", scope.call("activate", gates, spec.activation().name()), input);
    PtNDArray back = Layers.linear(scope, gated, block.linear(Part.PER_LAYER_OUTPUT), taps);
    return Layers.norm(scope, back, block.norm(Part.PER_LAYER_NORM).orElseThrow());
  }
}
