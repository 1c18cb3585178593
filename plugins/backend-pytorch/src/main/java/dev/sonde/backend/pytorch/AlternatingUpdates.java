package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.backend.pytorch.Parameters.StreamMaps;
import dev.sonde.formats.huggingface.AltUpSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;

/**
 * Alternating updates (Baykal et al. 2023): a decoder carries several streams. Each block predicts
 * all of them, runs on the first, and corrects the others by what became of it.
 */
record AlternatingUpdates(AltUpSpec spec, StreamMaps maps) {
  static Optional<AlternatingUpdates> of(Optional<AltUpSpec> spec, Parameters tensors) {
    return spec.map(s -> new AlternatingUpdates(s, tensors.streamMaps().orElseThrow()));
  }

  /** The streams beside the residual stream, made of the embedding. */
  PtNDArray others(Torch.Scope scope, PtNDArray embedded) {
    return scope.call("further_streams", embedded, array(maps.in()));
  }

  /** The mean of all streams, each brought to the size of the first. */
  PtNDArray joined(Torch.Scope scope, StreamTensors last) {
    return scope.call(
        "joined_streams", last.residual(), last.others().orElseThrow(), array(maps.out()));
  }

  private static PtNDArray[] array(List<PtNDArray> tensors) {
    return tensors.toArray(PtNDArray[]::new);
  }

  StreamTensors predicted(Torch.Scope scope, StreamTensors before, Block block) {
    List<PtNDArray> predicted =
        scope.callForMany(
            "streams_predicted",
            before.residual(),
            before.others().orElseThrow(),
            modalities(scope, before.residual(), block),
            block.vector(Part.ALTUP_PREDICTION).orElseThrow());
    return before.residual(predicted.get(0)).others(predicted.get(1));
  }

  /** Predicted streams, each moved by its share of what the block made of the residual stream. */
  StreamTensors corrected(
      Torch.Scope scope, StreamTensors predicted, PtNDArray activated, Block block) {
    List<PtNDArray> corrected =
        scope.callForMany(
            "streams_corrected",
            predicted.residual(),
            predicted.others().orElseThrow(),
            activated,
            modalities(scope, activated, block),
            block.vector(Part.ALTUP_CORRECTION).orElseThrow());
    return predicted.residual(corrected.get(0)).others(corrected.get(1));
  }

  /** What gates a block's own input. */
  PtNDArray scaled(Torch.Scope scope, PtNDArray residual, Block block) {
    return spec.scaled()
        ? scope.call("times", residual, block.vector(Part.ALTUP_SCALE).orElseThrow())
        : residual;
  }

  private static PtNDArray modalities(Torch.Scope scope, PtNDArray residual, Block block) {
    PtNDArray normed =
        Layers.norm(scope, residual, block.norm(Part.ALTUP_ROUTER_NORM).orElseThrow());
    return scope.call("modalities", normed, block.vector(Part.ALTUP_ROUTER).orElseThrow());
  }
}
