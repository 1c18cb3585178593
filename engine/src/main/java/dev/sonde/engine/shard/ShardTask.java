package dev.sonde.engine.shard;

import dev.sonde.api.model.Read;
import dev.sonde.api.probe.Artifact;
import dev.sonde.engine.pass.Shard;
import java.util.List;

/**
 * A shard that is to be computed, said in data alone: with the run's resolved experiment any
 * process can do it.
 */
public sealed interface ShardTask {
  /**
   * Rows of a pass whose reads are to be stored.
   *
   * @param shard the rows
   * @param reads what is missing of them
   */
  record Capture(Shard shard, List<Read> reads) implements ShardTask {
    /** A task with its list copied. */
    public Capture {
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
   */
  record OfProbe(String probe, String stage, int version, String shard, Artifact input)
      implements ShardTask {}
}
