package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import picocli.CommandLine.Option;

/** The option that says who computes. */
final class WorkerOption {
  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Compute in N worker processes on this machine; one that dies is replaced."
              + " Default: in this process.")
  private int count;

  WorkerOption() {}

  /** The installation with the workers that were asked for. */
  Sonde of(Sonde sonde) {
    return count == 0 ? sonde : sonde.withWorkers(count);
  }
}
