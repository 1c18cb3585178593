/**
 * Decoders, and what the engine measures about them.
 *
 * <p>Rigor is the engine's: whoever evaluates gets grouped and nested cross-validation, baselines,
 * a control task, permutation and bootstrap without asking, and nobody can leave them out.
 */
package dev.sonde.api.evaluate;
