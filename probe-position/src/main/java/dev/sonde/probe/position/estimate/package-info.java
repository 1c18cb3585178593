/**
 * Attention logits of each head, how far sums of position and meaning reach them, and what that
 * amounts to over all heads.
 */
package dev.sonde.probe.position.estimate;
