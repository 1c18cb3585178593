/**
 * Saved probes on texts: what is read of the model and in which order, scores of rows and tokens,
 * whether a probe may be applied to a model, and what labelled texts say of its thresholds.
 */
package dev.sonde.engine.score;
