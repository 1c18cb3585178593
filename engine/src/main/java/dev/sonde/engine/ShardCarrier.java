package dev.sonde.engine;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * Takes shards to {@code sonde worker} processes, wherever those run, and brings back what they
 * answer. Frames are opaque bytes, described in docs/scale.md.
 */
@FunctionalInterface
public interface ShardCarrier {
  /**
   * Returns when every task is answered.
   *
   * @param assignment the first frame that every worker is sent
   * @param tasks one frame each, to be sent after it
   * @param answered is told, on the calling thread, the number of a task and the frames that a
   *     worker sent for it, the answer last
   * @throws dev.sonde.api.SondeException if a task cannot be had answered
   */
  void carry(byte[] assignment, List<byte[]> tasks, BiConsumer<Integer, List<byte[]>> answered);
}
