package dev.sonde.formats.huggingface;

/** The parts of a decoder that have weights, whatever a family calls them. */
public enum Part {
  /** Token embedding, {@code [vocabulary, width]}. */
  EMBEDDING,
  /** Norm of the token embedding. */
  EMBEDDING_NORM,
  /** Learned positions, {@code [positions, width]}. */
  POSITIONS,
  /** Norm before the mixer. */
  ATTENTION_NORM,
  /** Norm of what the mixer gives. */
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
  /** Queries, keys and values in one; see {@link AttentionSpec.Fusion}. */
  QUERY_KEY_VALUE,
  /** The narrow vector that queries are made of; see {@link AttentionSpec.Latent}. */
  QUERY_DOWN,
  /** Its norm. */
  QUERY_DOWN_NORM,
  /** The narrow vector that keys and values are made of, and the rotated key behind it. */
  KEY_VALUE_DOWN,
  /** Its norm. */
  KEY_VALUE_DOWN_NORM,
  /** Keys and values, head by head, of the narrow vector. */
  KEY_VALUE,
  /** What the mixed values are gated by. */
  OUTPUT_GATE,
  /** Mixed values back to the residual stream. */
  OUTPUT,
  /** Norm of the queries. */
  QUERY_NORM,
  /** Norm of the keys. */
  KEY_NORM,
  /** A logit per head that takes part in the softmax and mixes in nothing. */
  SINKS,
  /** Gates and input of a short convolution, {@code [3 · width, width]}. */
  CONVOLUTION_INPUT,
  /** The convolution, {@code [channels, 1, length]}. */
  CONVOLUTION,
  /** Its bias, {@code [channels]}. */
  CONVOLUTION_BIAS,
  /** Queries, keys and values of a delta net; with its gates where it is grouped. */
  DELTA_INPUT,
  /** Gates of a delta net's output. */
  DELTA_GATE,
  /** How much each token writes and how much it lets fade, in one. */
  DELTA_RATES,
  /** How much each token writes. */
  DELTA_WRITE,
  /** How much each token lets fade. */
  DELTA_FADE,
  /** Logarithm of how fast each head's state fades, {@code [heads]}. */
  STATE_SPEED,
  /** What is added to the logits of fading, {@code [heads]}. */
  STATE_FADE_BIAS,
  /** Gates, inputs, places and steps of a state space; see {@link StateSpaceSpec}. */
  SPACE_INPUT,
  /** How much of its input each head of a state space gives on at once, {@code [heads]}. */
  SPACE_SKIP,
  /** Norm of what heads read of their states. */
  STATE_NORM,
  /** The narrow half of the low-rank map beside attention; see {@link AltUpSpec}. */
  LAUREL_DOWN,
  /** The other half. */
  LAUREL_UP,
  /** Norm of what it gives. */
  LAUREL_NORM,
  /** Streams made of the token embedding; the number of one stands for {@code {stream}}. */
  ALTUP_IN,
  /** Streams on their way to the unembedding. */
  ALTUP_OUT,
  /** How a token mixes streams, {@code [streams, width]}. */
  ALTUP_ROUTER,
  /** Norm of what it sees. */
  ALTUP_ROUTER_NORM,
  /** Predicts streams, {@code [streams², streams]}. */
  ALTUP_PREDICTION,
  /** Corrects streams, {@code [streams, streams]}. */
  ALTUP_CORRECTION,
  /** Scales the corrected stream, {@code [width]}. */
  ALTUP_SCALE,
  /** The table of the blocks' own inputs, {@code [vocabulary, blocks · width]}. */
  PER_LAYER_EMBEDDING,
  /** What the token embedding adds to them, {@code [blocks · width, width]}. */
  PER_LAYER_PROJECTION,
  /** Norm of that. */
  PER_LAYER_PROJECTION_NORM,
  /** Gates of a block's own input. */
  PER_LAYER_GATE,
  /** That input back to the residual stream. */
  PER_LAYER_OUTPUT,
  /** Norm of what it adds. */
  PER_LAYER_NORM,
  /** Factor on the residual stream behind a block, {@code [1]}. */
  BLOCK_SCALE,
  /** The gate of a gated MLP. */
  GATE,
  /** The other branch of a gated MLP, or the first linear of a plain one. */
  UP,
  /** Gate and up in one, gate first. */
  GATE_UP,
  /** MLP back to the residual stream. */
  DOWN,
  /** The trained number of {@link Activation#XIELU} for positive inputs. */
  CURVE_ABOVE,
  /** The same for negative inputs. */
  CURVE_BELOW,
  /** Chooses experts, {@code [experts, width]}. */
  ROUTER,
  /** Factors on what the router sees, {@code [width]}. */
  ROUTER_SCALE,
  /** Factors on the experts' weights, {@code [experts]}. */
  EXPERT_SCALE,
  /** Norm before experts that stand beside an MLP. */
  EXPERTS_NORM,
  /** Norm of what they give. */
  EXPERTS_POST_NORM,
  /** Norm of what the MLP beside them gives. */
  BESIDE_POST_NORM,
  /** What is added to scores when experts are chosen, {@code [experts]}. */
  ROUTER_CORRECTION,
  /** Gate and up of all experts; see {@link ExpertsSpec.Layout}. */
  EXPERTS_GATE_UP,
  /** Down of all experts. */
  EXPERTS_DOWN,
  /** The gate of one expert; its number stands for {@code {expert}}. */
  EXPERT_GATE,
  /** Up of one expert. */
  EXPERT_UP,
  /** Down of one expert. */
  EXPERT_DOWN,
  /** The gate of the expert that all tokens go through. */
  SHARED_GATE,
  /** Up of that expert. */
  SHARED_UP,
  /** Its gate and up in one. */
  SHARED_GATE_UP,
  /** Its down. */
  SHARED_DOWN,
  /** How much of it a token takes: a logit, {@code [1, width]}. */
  SHARED_SHARE,
  /** Norm before the unembedding. */
  FINAL_NORM,
  /** Unembedding, {@code [vocabulary, width]}. */
  HEAD
}
