package dev.sonde.engine.run;

import dev.sonde.engine.host.Progress;
import dev.sonde.engine.shard.ShardExecutor;

/**
 * What a run is carried out with.
 *
 * @param folder its folder
 * @param journal what it has finished
 * @param executor has shards computed
 * @param timing what goes into timing.json, by name
 * @param progress hears how far it is
 */
record Workplace(
    RunFolder folder, Journal journal, ShardExecutor executor, Timing timing, Progress progress) {}
