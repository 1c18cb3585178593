package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.formats.huggingface.DeltaNetSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;

/**
 * A gated delta net: per head a state S; each token lets it fade, S ← e^g S, writes what its key
 * does not find yet, S ← S + k (β (v − Sᵀk))ᵀ, and reads Sᵀq. Chunks of tokens are computed at once
 * (Yang, Kautz, Hatamizadeh 2024, section 3.3).
 */
final class DeltaNet implements Mixer {
  private final DeltaNetSpec net;
  private final int layer;

  DeltaNet(DeltaNetSpec net, int layer) {
    this.net = net;
    this.layer = layer;
  }

  @Override
  public PtNDArray apply(Torch.Scope scope, PtNDArray x, Block block, Tokens tokens, Taps taps) {
    PtNDArray input = Layers.linear(scope, x, block.linear(Part.DELTA_INPUT), taps);
    PtNDArray mixed;
    PtNDArray gates;
    PtNDArray rates;
    if (net.grouped()) {
      PtNDArray both = Layers.linear(scope, x, block.linear(Part.DELTA_RATES), taps);
      List<PtNDArray> parts =
          scope.callForMany("split_grouped", input, both, net.keyHeads(), net.keyWidth());
      mixed = parts.get(0);
      gates = parts.get(1);
      rates = parts.get(2);
    } else {
      mixed = input;
      gates = Layers.linear(scope, x, block.linear(Part.DELTA_GATE), taps);
      PtNDArray write = Layers.linear(scope, x, block.linear(Part.DELTA_WRITE), taps);
      PtNDArray fade = Layers.linear(scope, x, block.linear(Part.DELTA_FADE), taps);
      rates = scope.call("beside", write, fade);
    }
    PtNDArray joined = scope.call("beside", mixed, rates);
    PtNDArray read =
        tokens.eachAlone(scope, joined, (inner, own, past) -> read(inner, own, past, block));
    PtNDArray normed =
        Layers.norm(
            scope,
            scope.call("heads", read, net.valueWidth()),
            block.norm(Part.STATE_NORM).orElseThrow());
    PtNDArray gated = scope.call("silu_gated", scope.call("flat", normed), gates);
    return Layers.linear(scope, gated, block.linear(Part.OUTPUT), taps);
  }

  /** What the tokens of one sequence read, {@code [tokens, value heads · d_value]}. */
  private PtNDArray read(
      Torch.Scope scope, PtNDArray joined, Optional<KeyValues> past, Block block) {
    List<PtNDArray> parts = scope.callForMany("split_at", joined, net.mixedWidth());
    PtNDArray seen = ShortConvolution.convolve(scope, parts.get(0), past, block, layer);
    PtNDArray state = past.map(p -> p.values(layer)).orElseGet(scope::none);
    return scope.call(
        "delta",
        scope.call("activate", seen, "SILU"),
        parts.get(1),
        block.vector(Part.STATE_SPEED).orElseThrow(),
        block.vector(Part.STATE_FADE_BIAS).orElseThrow(),
        net.keyHeads(),
        net.keyWidth(),
        net.valueWidth(),
        state);
  }
}
