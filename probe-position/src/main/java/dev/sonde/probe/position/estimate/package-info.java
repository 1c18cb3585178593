/**
 * Attention logits of each head, how well sums of position and meaning approximate them, and a
 * summary over all heads.
 */
package dev.sonde.probe.position.estimate;
