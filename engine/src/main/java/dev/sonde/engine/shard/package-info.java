/**
 * The seam at which work can leave this process. Shards are data, an executor gets them computed,
 * and their results are kept in the store or in the run folder.
 */
package dev.sonde.engine.shard;
