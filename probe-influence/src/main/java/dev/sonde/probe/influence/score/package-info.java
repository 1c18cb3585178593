/**
 * What is to be done and what it takes, and the scores of documents for queries: {@code Scoring}
 * cuts the work into shards and puts them together, {@code DocumentScoring} computes one.
 */
package dev.sonde.probe.influence.score;
