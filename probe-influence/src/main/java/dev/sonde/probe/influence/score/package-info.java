/**
 * Plans the work and its cost, and scores documents for queries. {@code Scoring} cuts the work into
 * shards and combines them; {@code DocumentScoring} computes one shard.
 */
package dev.sonde.probe.influence.score;
