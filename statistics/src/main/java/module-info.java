import org.jspecify.annotations.NullMarked;

/**
 * The statistics of every report, with one rule for each: quantiles and percentile intervals, the
 * cluster bootstrap, ranks, correlations, AUROC, p values, folds of whole groups, dual ridge, word
 * weights. A library on plain arrays; each user carries its own copy.
 */
@NullMarked
module dev.sonde.statistics {
  requires static org.jspecify;
  requires org.apache.commons.statistics.descriptive;

  exports dev.sonde.statistics;
}
