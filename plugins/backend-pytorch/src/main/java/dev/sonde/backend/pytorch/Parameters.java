package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.ExpertsSpec.Layout;
import dev.sonde.formats.huggingface.NormSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The weights of a decoder as it multiplies with them. */
interface Parameters {
  /** Token embedding, {@code [vocabulary, width]}. */
  PtNDArray embedding();

  /** The norm of token embeddings, where there is one. */
  Optional<Norm> embeddingNorm();

  /** Learned positions, {@code [positions, width]}, where there are any. */
  Optional<PtNDArray> positions();

  /** The weights of one block. */
  Block block(int layer);

  /** The norm before the unembedding. */
  Norm finalNorm();

  /** Maps between the streams of alternating updates, where there are several. */
  Optional<StreamMaps> streamMaps();

  /** Of what blocks' own inputs are made, where they have any. */
  Optional<InputTables> inputTables();

  /** The unembedding, where there is one. */
  Optional<Head> head();

  /** A linear map, and whether its weight is bfloat16; its bias is float32. */
  record Linear(String module, PtNDArray weight, Optional<PtNDArray> bias, boolean bfloat16) {}

  /** The gain of a norm, its offset added, and its bias. */
  record Norm(NormSpec kind, PtNDArray gain, Optional<PtNDArray> bias) {}

  /** The unembedding, {@code [vocabulary, width]}, and its bias. */
  record Head(PtNDArray weight, Optional<PtNDArray> bias) {}

  /** Maps from the embedding to further streams, and from those back. */
  record StreamMaps(List<PtNDArray> in, List<PtNDArray> out) {}

  /**
   * Of what blocks' own inputs are made.
   *
   * @param table {@code [vocabulary, blocks · width]}, in its file
   * @param projection of the embedding, {@code [blocks · width, d_model]}
   * @param norm of what it gives, block by block
   */
  record InputTables(Weight table, PtNDArray projection, Norm norm) {}

  /** The experts of a block, in a layout. */
  record Experts(
      Layout layout,
      PtNDArray gateUp,
      Optional<PtNDArray> gateUpBias,
      PtNDArray down,
      Optional<PtNDArray> downBias) {}

  /** The weights of one block; what a family has not is absent. */
  record Block(
      Map<Part, Linear> linears,
      Map<Part, Norm> norms,
      Optional<PtNDArray> sinks,
      Optional<Experts> experts,
      Map<Part, PtNDArray> vectors) {

    Linear linear(Part part) {
      Linear linear = linears.get(part);
      if (linear == null) {
        throw new IllegalStateException("this family has no " + part);
      }
      return linear;
    }

    Optional<Norm> norm(Part part) {
      return Optional.ofNullable(norms.get(part));
    }

    Optional<PtNDArray> vector(Part part) {
      return Optional.ofNullable(vectors.get(part));
    }
  }
}
