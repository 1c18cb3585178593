package dev.sonde.engine.evaluate.fit;

/**
 * One way to part the rows.
 *
 * @param train rows to fit on, ascending
 * @param test rows to score, ascending; disjoint from the training rows
 */
public record Split(int[] train, int[] test) {}
