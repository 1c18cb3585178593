package dev.sonde.probe.influence.report;

import dev.sonde.api.config.Config;

/**
 * What is kept and shown beside the figures.
 *
 * @param bm25 whether documents are also ranked by their words
 * @param top documents kept of each query's ranking
 * @param show documents shown of a query
 * @param factors whether the fitted factors are kept as files
 */
public record ReportSettings(boolean bm25, int top, int show, boolean factors) {

  /** As configured. */
  public static ReportSettings of(Config config) {
    return new ReportSettings(
        config.flag("bm25"), config.integer("top"), config.integer("show"), config.flag("factors"));
  }
}
