package dev.sonde.packing;

/** The computation of one packed batch, in steps between which its readout is emptied. */
public interface BatchComputation extends AutoCloseable {
  /** What is read of it. */
  Readout readout();

  /**
   * Computes a little further.
   *
   * @return false if there was nothing left to compute
   */
  boolean advance();

  /** Releases the computation. */
  @Override
  void close();
}
