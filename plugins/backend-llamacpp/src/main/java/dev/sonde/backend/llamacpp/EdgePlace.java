package dev.sonde.backend.llamacpp;

/**
 * Where a block's attention scores lie.
 *
 * @param scores key of the node that the softmax reads: what becomes a score by the scale
 * @param pattern key of the softmax, whose second source is the mask
 * @param scale factor of the softmax on the scores
 */
record EdgePlace(String scores, String pattern, float scale) {}
