package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.formats.huggingface.Part;

/** A low-rank map beside attention (Laurel; Menghani, Kumar, Kumar 2024). */
final class LowRankPath {
  private LowRankPath() {}

  /**
   * {@code (middle + x + map(x)) / √2}; middle itself where a block has no such map.
   *
   * @param middle the residual stream with what attention has added
   * @param x what attention saw
   */
  static PtNDArray beside(
      Torch.Scope scope, PtNDArray middle, PtNDArray x, Block block, Taps taps) {
    if (!block.linears().containsKey(Part.LAUREL_DOWN)) {
      return middle;
    }
    PtNDArray narrow = Layers.linear(scope, x, block.linear(Part.LAUREL_DOWN), taps);
    PtNDArray map = Layers.linear(scope, narrow, block.linear(Part.LAUREL_UP), taps);
    PtNDArray normed = Layers.norm(scope, map, block.norm(Part.LAUREL_NORM).orElseThrow());
    return scope.call("beside_attention", middle, x, normed);
  }
}
