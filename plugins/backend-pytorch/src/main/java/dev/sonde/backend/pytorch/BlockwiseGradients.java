package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gradients by the embeddings of a text whose graph would be too large: what each block was given
 * is kept, and each block is run again, recorded, on the way back. It takes one more pass forward
 * and the memory of one block's graph.
 */
final class BlockwiseGradients {
  private final Transformer decoder;
  private final Torch torch;
  private final Readout readout;
  private final List<PackedTokens.Run> runs;

  BlockwiseGradients(
      Transformer decoder, Torch torch, Readout readout, Optional<SharedPrefixes> prefixes) {
    this.decoder = decoder;
    this.torch = torch;
    this.readout = readout;
    this.runs = PyTorchPass.runs(readout, prefixes);
  }

  /**
   * Whether gradients by embeddings are all that is read, of a model whose blocks hand on one
   * stream.
   */
  static boolean suits(DecoderSpec spec, ForwardRequest request) {
    return spec.isOneStream()
        && !spec.sharesKeys()
        && request.groups().stream()
            .flatMap(List::stream)
            .allMatch(read -> read.isGradient() && read.point().equals(HookPoint.EMBED))
        && request.sequences().stream().allMatch(BlockwiseGradients::suits);
  }

  private static boolean suits(Sequence sequence) {
    return SharedPrefixes.isPlain(sequence) && sequence.start().isEmpty();
  }

  /** Computes and passes them on. */
  void run() {
    try (Torch.Scope scope = torch.scope()) {
      List<PtNDArray> gradients = backward(scope, forward(scope));
      for (int index = 0; index < gradients.size(); index++) {
        PtNDArray gradient = gradients.get(index);
        readout.passGradient(
            HookPoint.EMBED,
            index,
            (rows, how, memory) ->
                PyTorchPass.take(scope, gradient, readout.batch().tokens(), rows, how, memory));
      }
    }
  }

  /** What each block is given, and behind the last of them what all of them give. */
  private List<PtNDArray> forward(Torch.Scope scope) {
    PackedBatch batch = readout.batch();
    PackedTokens tokens = tokens(scope);
    StreamTensors streams = decoder.embed(scope, batch.tokenIds(), tokens, Taps.NONE);
    List<PtNDArray> given = new ArrayList<>(List.of(streams.residual()));
    for (int layer = 0; layer < decoder.spec().layers(); layer++) {
      streams = decoder.block(scope, layer, streams, tokens, Taps.NONE);
      given.add(streams.residual());
    }
    return given;
  }

  /** The gradient of each objective by what the first block is given. */
  private List<PtNDArray> backward(Torch.Scope scope, List<PtNDArray> given) {
    List<PtNDArray> gradients =
        new Objectives(torch, decoder, readout.batch()).gradients(scope, given.removeLast());
    for (int layer = given.size() - 1; layer >= 0; layer--) {
      try (Torch.Scope recorded = torch.recordingScope();
          Torch.Scope plain = recorded.unrecorded()) {
        PtNDArray copy = recorded.call("join", (Object) new PtNDArray[] {given.removeLast()});
        PtNDArray x = recorded.call("watched", copy);
        PtNDArray y =
            decoder.block(recorded, layer, decoder.from(x), tokens(recorded), Taps.NONE).residual();
        PtNDArray[] xs = {x};
        for (int index = 0; index < gradients.size(); index++) {
          PtNDArray later = gradients.get(index);
          gradients.set(index, scope.keep(plain.callForMany("gradients", y, later, xs).getFirst()));
          later.close();
        }
      }
    }
    return gradients;
  }

  private PackedTokens tokens(Torch.Scope scope) {
    return new PackedTokens(decoder.spec(), runs, scope, (point, run, edges) -> {});
  }
}
