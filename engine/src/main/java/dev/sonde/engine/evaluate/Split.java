package dev.sonde.engine.evaluate;

/**
 * One way to part the rows.
 *
 * @param train rows to fit on, ascending
 * @param test rows to score, ascending; disjoint from the training rows
 */
record Split(int[] train, int[] test) {}
