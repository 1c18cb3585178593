/**
 * The seam at which work can leave this process: shards are data, an executor has them computed,
 * and their results lie in the store or in the run's folder.
 */
package dev.sonde.engine.shard;
