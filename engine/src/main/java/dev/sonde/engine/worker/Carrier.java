package dev.sonde.engine.worker;

import java.util.List;

/** Has frames answered by workers, wherever those are. */
public interface Carrier extends AutoCloseable {
  /** Hears what comes back, on the thread that carries. */
  interface Hearer {
    /** A task is answered. */
    void answered(int task, Frame answer);

    /** A worker says something else: how far it is, or what the log is to hold. */
    void heard(Frame remark);
  }

  /**
   * Returns when every task is answered.
   *
   * @param assignment what a worker is told before all else
   * @param tasks in the order in which they should be begun
   */
  void carry(Frame assignment, List<Frame> tasks, Hearer hearer);

  /** Ends the workers. */
  @Override
  default void close() {}
}
