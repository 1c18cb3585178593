package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;

/** {@code out(c · conv(b · x))}, of b, c and x thirds of one linear (LFM2). */
final class ShortConvolution implements Mixer {
  private final int layer;

  ShortConvolution(int layer) {
    this.layer = layer;
  }

  @Override
  public PtNDArray apply(Torch.Scope scope, PtNDArray x, Block block, Tokens tokens, Taps taps) {
    PtNDArray thirds = Layers.linear(scope, x, block.linear(Part.CONVOLUTION_INPUT), taps);
    List<PtNDArray> parts = scope.callForMany("thirds", thirds);
    PtNDArray gated = scope.call("times", parts.get(0), parts.get(2));
    PtNDArray mixed =
        tokens.eachAlone(
            scope, gated, (inner, own, past) -> convolve(inner, own, past, block, layer));
    return Layers.linear(
        scope, scope.call("times", parts.get(1), mixed), block.linear(Part.OUTPUT), taps);
  }

  /**
   * The convolution of a block over the tokens of one sequence.
   *
   * @param x {@code [tokens, channels]}
   */
  static PtNDArray convolve(
      Torch.Scope scope, PtNDArray x, Optional<KeyValues> past, Block block, int layer) {
    PtNDArray weight = block.vector(Part.CONVOLUTION).orElseThrow();
    PtNDArray padded =
        past.isPresent()
            ? scope.call("join", (Object) new PtNDArray[] {past.get().keys(layer), x})
            : scope.call("padded", x, weight);
    past.ifPresent(kept -> scope.call("keep_last", kept.keys(layer), padded));
    Optional<PtNDArray> bias = block.vector(Part.CONVOLUTION_BIAS);
    return bias.isPresent()
        ? scope.call("convolved_biased", padded, weight, bias.get())
        : scope.call("convolved", padded, weight);
  }
}
