package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.formats.huggingface.Part;
import dev.sonde.formats.huggingface.StateSpaceSpec;
import java.util.List;
import java.util.Optional;

/**
 * A selective state space: per head a state S; each token takes a step δ, lets some fade, S ←
 * e^(−aδ) S, writes its input x, S ← S + b (δ x)ᵀ, and reads Sᵀc + d x. Chunks of tokens are
 * computed at once (Dao and Gu 2024, section 6).
 */
final class ChunkedStateSpace implements Mixer {
  private final StateSpaceSpec space;
  private final int layer;

  ChunkedStateSpace(StateSpaceSpec space, int layer) {
    this.space = space;
    this.layer = layer;
  }

  @Override
  public PtNDArray apply(Torch.Scope scope, PtNDArray x, Block block, Tokens tokens, Taps taps) {
    PtNDArray input = Layers.linear(scope, x, block.linear(Part.SPACE_INPUT), taps);
    List<PtNDArray> parts = scope.callForMany("split_at", input, space.innerWidth());
    PtNDArray read =
        tokens.eachAlone(scope, parts.get(1), (inner, own, past) -> read(inner, own, past, block));
    PtNDArray gated = scope.call("silu_gated", read, parts.get(0));
    Parameters.Norm norm = block.norm(Part.STATE_NORM).orElseThrow();
    PtNDArray groups = scope.call("heads", gated, space.innerWidth() / space.groups());
    PtNDArray normed = scope.call("rms_norm_bare", groups, norm.kind().epsilon());
    PtNDArray gained = scope.call("times", scope.call("flat", normed), norm.gain());
    return Layers.linear(scope, gained, block.linear(Part.OUTPUT), taps);
  }

  /**
   * What the tokens of one sequence read, {@code [tokens, heads · d_head]}.
   *
   * @param joined what the convolution sees, and steps behind it
   */
  private PtNDArray read(
      Torch.Scope scope, PtNDArray joined, Optional<KeyValues> past, Block block) {
    List<PtNDArray> parts = scope.callForMany("split_at", joined, space.mixedWidth());
    PtNDArray seen = ShortConvolution.convolve(scope, parts.get(0), past, block, layer);
    PtNDArray state = past.map(p -> p.values(layer)).orElseGet(scope::none);
    return scope.call(
        "state_space",
        scope.call("activate", seen, space.activation().name()),
        parts.get(1),
        block.vector(Part.STATE_SPEED).orElseThrow(),
        block.vector(Part.STATE_FADE_BIAS).orElseThrow(),
        block.vector(Part.SPACE_SKIP).orElseThrow(),
        space.headWidth(),
        space.stateWidth(),
        space.leastStep(),
        space.mostStep(),
        state);
  }
}
