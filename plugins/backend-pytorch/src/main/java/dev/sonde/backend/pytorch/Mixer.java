package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.ConvolutionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DeltaNetSpec;
import dev.sonde.formats.huggingface.StateSpaceSpec;

/** What lets the tokens of a block see others. */
interface Mixer {
  /** What it adds to the residual stream. */
  PtNDArray apply(Torch.Scope scope, PtNDArray x, Block block, Tokens tokens, Taps taps);

  static Mixer of(DecoderSpec spec, int layer) {
    return switch (spec.block(layer).mixer()) {
      case AttentionSpec attention -> new AttentionMixer(attention, layer);
      case ConvolutionSpec convolution -> new ShortConvolution(layer);
      case DeltaNetSpec net -> new DeltaNet(net, layer);
      case StateSpaceSpec space -> new ChunkedStateSpace(space, layer);
    };
  }
}
