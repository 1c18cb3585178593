package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;

/**
 * Keys and values of every head made of one narrow vector a token, and one rotated key that all
 * heads share (multi-head latent attention).
 */
final class LatentProjection {
  private LatentProjection() {}

  static AttentionMixer.Projected apply(
      Torch.Scope scope, PtNDArray x, AttentionSpec spec, Block block, Taps taps) {
    AttentionSpec.Latent latent = spec.latent().orElseThrow();
    PtNDArray narrow = x;
    if (latent.queryRank() > 0) {
      narrow = Layers.linear(scope, x, block.linear(Part.QUERY_DOWN), taps);
      narrow = Layers.norm(scope, narrow, block.norm(Part.QUERY_DOWN_NORM));
    }
    PtNDArray queries = Layers.linear(scope, narrow, block.linear(Part.QUERY), taps);
    PtNDArray down = Layers.linear(scope, x, block.linear(Part.KEY_VALUE_DOWN), taps);
    List<PtNDArray> parts = scope.callForMany("split_at", down, latent.keyValueRank());
    PtNDArray kept = Layers.norm(scope, parts.get(0), block.norm(Part.KEY_VALUE_DOWN_NORM));
    PtNDArray both = Layers.linear(scope, kept, block.linear(Part.KEY_VALUE), taps);
    List<PtNDArray> heads =
        scope.callForMany("split_latent", both, parts.get(1), spec.heads(), latent.plainWidth());
    PtNDArray q = scope.call("heads", queries, spec.headWidth());
    return AttentionMixer.Projected.of(new Tokens.Heads(q, heads.get(0), heads.get(1)));
  }
}
