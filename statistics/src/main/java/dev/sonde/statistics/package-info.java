/**
 * Statistics on plain arrays.
 *
 * <ul>
 *   <li>Description: {@link dev.sonde.statistics.Quantiles}, {@link dev.sonde.statistics.Means},
 *       {@link dev.sonde.statistics.Ranks}, {@link dev.sonde.statistics.Correlation}, {@link
 *       dev.sonde.statistics.Auroc}.
 *   <li>Uncertainty: {@link dev.sonde.statistics.ClusterBootstrap} gives an {@link
 *       dev.sonde.statistics.Interval} for any figure of weighted rows.
 *   <li>Chance: {@link dev.sonde.statistics.GroupPermutations}, {@link
 *       dev.sonde.statistics.SignFlips}, {@link dev.sonde.statistics.PValues}.
 *   <li>Scores: {@link dev.sonde.statistics.FalsePositives} sets thresholds, {@link
 *       dev.sonde.statistics.LogisticCurve} and {@link dev.sonde.statistics.IsotonicCurve} make
 *       probabilities, {@link dev.sonde.statistics.Reliability} says how true they are.
 *   <li>Learning: {@link dev.sonde.statistics.GroupFolds}, {@link dev.sonde.statistics.DualRidge},
 *       {@link dev.sonde.statistics.TfIdf}.
 * </ul>
 *
 * <p>A weight says how often a row counts: a row of weight 2 is the same as two equal rows, and a
 * row of weight 0 is absent. Anything undefined, such as the correlation with a constant, is NaN.
 * Everything random takes a generator, so that a seed determines the result.
 */
package dev.sonde.statistics;
