package dev.sonde.probe.influence.read;

import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ProbeContext;
import java.util.SequencedMap;

/** A stage of the probe that is cut into shards. */
public final class ShardedStage {
  private static final long NANOS_A_MILLISECOND = 1_000_000;

  private ShardedStage() {}

  /**
   * Has its shards computed, and notes what the stage took.
   *
   * @param name of the stage; up to the first hyphen it is the kind whose cost is noted
   */
  public static SequencedMap<String, Artifact> compute(
      ProbeContext context, String name, int version, SequencedMap<String, Artifact> inputs) {
    long began = System.nanoTime();
    SequencedMap<String, Artifact> results = context.shards(name, version, inputs);
    String kind = name.split("-", 2)[0];
    context.cost(
        "cost." + kind + "_milliseconds", (System.nanoTime() - began) / NANOS_A_MILLISECOND);
    return results;
  }
}
