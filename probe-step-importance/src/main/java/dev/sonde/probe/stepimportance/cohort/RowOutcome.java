package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.search.SearchResult;

/**
 * What became of a row.
 *
 * @param row its index in the study
 * @param found what was found in its chain, or why the chain was left out
 * @param answer the answer that counted; empty where there is none
 */
public record RowOutcome(int row, OrSkipped<SearchResult> found, String answer) {}
