/**
 * Fits and scores decoders: folds that keep groups whole, the rows of a fold, cross-validation, and
 * the metrics of held-out scores.
 */
package dev.sonde.engine.evaluate.fit;
