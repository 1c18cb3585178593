package dev.sonde.engine.worker;

/** A worker process ended before it answered. */
public final class WorkerDiedException extends Exception {
  private static final long serialVersionUID = 1;

  WorkerDiedException(String message) {
    super(message);
  }
}
