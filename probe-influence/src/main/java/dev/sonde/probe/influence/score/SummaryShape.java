package dev.sonde.probe.influence.score;

import java.util.List;

/**
 * What is held of all scores, however many documents there are: per method and query the highest,
 * of the reported method also the lowest, sums over random subsets, counts by size, and the scores
 * of an even sample of the documents.
 *
 * @param methods the first is reported; those that are compared hold fewer documents
 * @param queries how many
 * @param documents how many
 * @param reported documents held of a query, highest and lowest, of the reported method
 * @param compared documents held of a query, of each other method
 * @param subsets how many random subsets of the documents scores are summed over
 */
record SummaryShape(
    List<Method> methods, int queries, int documents, int reported, int compared, int subsets) {
  /** The fewest documents held of the reported method; power laws are fitted on 500. */
  static final int REPORTED = 1000;

  /** The fewest of another: the largest top that rankings are compared by. */
  static final int COMPARED = 100;

  /** Most documents whose scores are all held. */
  private static final int SAMPLE = 10_000;

  /** Documents held of a query. */
  int depth(int method) {
    return Math.min(documents, method == 0 ? reported : compared);
  }

  /** How many documents are in the sample. */
  int sample() {
    return Math.min(documents, SAMPLE);
  }

  /** The index of a document of the sample. */
  int sampled(int place) {
    return (int) ((long) place * documents / sample());
  }

  /** The first place in the sample of a document that is not before another. */
  int firstSampled(int document) {
    return (int) Math.ceilDiv((long) document * sample(), (long) documents);
  }

  /** Numbers held at most; they do not grow with the documents beyond what is held of them. */
  long values() {
    long tops = 0;
    for (int method = 0; method < methods.size(); method++) {
      tops += 2L * depth(method) * (method == 0 ? 2 : 1) + subsets;
    }
    return queries * (tops + queries + sample() + 2 * ScoreHistogram.held());
  }

  /** Whether scores of all queries stand together in a shard, so that moments can be taken. */
  boolean isWhole(int[] range) {
    return range[0] == 0 && range[1] == queries;
  }
}
