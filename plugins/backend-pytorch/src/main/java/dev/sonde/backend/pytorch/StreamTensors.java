package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.Optional;

/**
 * What blocks hand on: the residual stream, and what a few families carry beside it.
 *
 * @param residual {@code [tokens, d_model]}
 * @param others further streams of alternating updates, {@code [streams − 1, tokens, d_model]}
 * @param blockInputs the inputs that blocks have of their own, side by side, {@code [tokens, blocks
 *     · width]}; the same before every block
 */
record StreamTensors(
    PtNDArray residual, Optional<PtNDArray> others, Optional<PtNDArray> blockInputs)
    implements AutoCloseable {
  StreamTensors residual(PtNDArray other) {
    return new StreamTensors(other, others, blockInputs);
  }

  StreamTensors others(PtNDArray streams) {
    return new StreamTensors(residual, Optional.of(streams), blockInputs);
  }

  /** The same, its streams moved to a scope. */
  StreamTensors keptBy(Torch.Scope scope) {
    scope.keep(residual);
    others.ifPresent(scope::keep);
    return this;
  }

  /** Frees the streams; blocks to come need their inputs. */
  @Override
  public void close() {
    residual.close();
    others.ifPresent(PtNDArray::close);
  }
}
