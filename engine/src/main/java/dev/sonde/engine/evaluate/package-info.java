/**
 * What every evaluation gets: cross-validation that respects groups, nested selection, baselines
 * that see text only, a control task, permutation tests, cluster bootstrap, residualisation.
 */
package dev.sonde.engine.evaluate;
