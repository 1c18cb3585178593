/**
 * Decoders, and what the engine measures about them.
 *
 * <p>The engine is responsible for rigor: every evaluation includes grouped and nested
 * cross-validation, baselines, a control task, permutation tests and the bootstrap, and no probe
 * can leave them out.
 */
package dev.sonde.api.evaluate;
