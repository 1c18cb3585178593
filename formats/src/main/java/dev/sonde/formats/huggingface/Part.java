package dev.sonde.formats.huggingface;

/** The parts of a decoder that have weights, whatever a family calls them. */
public enum Part {
  /** Token embedding, {@code [vocabulary, width]}. */
  EMBEDDING,
  /** Learned positions, {@code [positions, width]}. */
  POSITIONS,
  /** Norm before attention. */
  ATTENTION_NORM,
  /** Norm of what attention gives. */
  ATTENTION_POST_NORM,
  /** Norm before the MLP. */
  MLP_NORM,
  /** Norm of what the MLP gives. */
  MLP_POST_NORM,
  /** Queries. */
  QUERY,
  /** Keys. */
  KEY,
  /** Values. */
  VALUE,
  /** Queries, keys and values in one; see {@link DecoderSpec.Fusion}. */
  QUERY_KEY_VALUE,
  /** Mixed values back to the residual stream. */
  OUTPUT,
  /** Norm of the queries. */
  QUERY_NORM,
  /** Norm of the keys. */
  KEY_NORM,
  /** A logit per head that takes part in the softmax and mixes in nothing. */
  SINKS,
  /** The gate of a gated MLP. */
  GATE,
  /** The other branch of a gated MLP, or the first linear of a plain one. */
  UP,
  /** Gate and up in one, gate first. */
  GATE_UP,
  /** MLP back to the residual stream. */
  DOWN,
  /** Chooses experts, {@code [experts, width]}. */
  ROUTER,
  /** Gate and up of all experts, {@code [experts, width, 2 · expert width]}, interleaved. */
  EXPERTS_GATE_UP,
  /** Down of all experts, {@code [experts, expert width, width]}. */
  EXPERTS_DOWN,
  /** Norm before the unembedding. */
  FINAL_NORM,
  /** Unembedding, {@code [vocabulary, width]}. */
  HEAD
}
