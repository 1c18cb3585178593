/**
 * How decoders are fitted and scored: folds that respect groups, the rows of a fold, cross
 * validation, and the figures of held-out scores.
 */
package dev.sonde.engine.evaluate.fit;
