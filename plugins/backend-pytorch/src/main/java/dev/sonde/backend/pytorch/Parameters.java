package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.DecoderTensors.Block;
import dev.sonde.backend.pytorch.DecoderTensors.Norm;
import java.util.Optional;

/** The weights of a decoder as it multiplies with them. */
interface Parameters {
  /** Token embedding, {@code [vocabulary, width]}. */
  PtNDArray embedding();

  /** Learned positions, {@code [positions, width]}, where there are any. */
  Optional<PtNDArray> positions();

  /** The weights of one block. */
  Block block(int layer);

  /** The norm before the unembedding. */
  Norm finalNorm();

  /** Unembedding, {@code [vocabulary, width]}. */
  PtNDArray head();
}
