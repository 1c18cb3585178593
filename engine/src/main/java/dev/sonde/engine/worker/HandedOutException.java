package dev.sonde.engine.worker;

import java.nio.file.Path;

/** A run stops here: what it needs next is to be computed by others. */
public final class HandedOutException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Path run;
  private final int shards;

  HandedOutException(Path run, int shards) {
    super("%d shards are to be computed by others".formatted(shards));
    this.run = run;
    this.shards = shards;
  }

  /** The run's folder. */
  public Path run() {
    return run;
  }

  /** How many shards there are. */
  public int shards() {
    return shards;
  }
}
