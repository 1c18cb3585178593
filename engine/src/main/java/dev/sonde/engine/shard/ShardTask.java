package dev.sonde.engine.shard;

import dev.sonde.api.model.Read;
import dev.sonde.api.probe.Artifact;
import dev.sonde.engine.pass.Shard;
import java.util.List;
import java.util.Map;

/**
 * A shard that is to be computed, said in data alone: with the run's resolved experiment any
 * process can do it.
 */
public sealed interface ShardTask {
  /**
   * Rows of a pass whose reads are to be stored.
   *
   * @param shard the rows
   * @param tokens of each row
   * @param reads what is missing of them
   */
  record Capture(Shard shard, List<int[]> tokens, List<Read> reads) implements ShardTask {
    /** A task with its lists copied. */
    public Capture {
      tokens = List.copyOf(tokens);
      reads = List.copyOf(reads);
    }
  }

  /**
   * A part of a probe's stage.
   *
   * @param probe its name in the experiment
   * @param stage the stage's name
   * @param version of the result's layout
   * @param shard the shard's name
   * @param input what the probe is given
   * @param results the versions of the stages that have finished, by name: it may ask for those
   */
  record OfProbe(
      String probe,
      String stage,
      int version,
      String shard,
      Artifact input,
      Map<String, Integer> results)
      implements ShardTask {
    /** A task with its map copied. */
    public OfProbe {
      results = Map.copyOf(results);
    }
  }

  /**
   * All that a probe does, for one that is kept apart: its section and its files are the result.
   *
   * @param probe its name in the experiment
   */
  record WholeProbe(String probe) implements ShardTask {}
}
