package dev.sonde.engine.cli;

import dev.sonde.engine.Sonde;
import picocli.CommandLine.Mixin;
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

  /** For runs: also others may compute. */
  static final class OfRun {
    @Mixin private WorkerOption own = new WorkerOption();

    @Option(
        names = "--hand-out",
        description =
            "Write down the shards that are ready and stop, for 'sonde worker --shards';"
                + " go on with 'sonde resume'.")
    private boolean handOut;

    @Option(
        names = "--isolate",
        description =
            "Run probes that need a plugin which is not bundled in a process of their own:"
                + " what ends it fails that probe alone.")
    private boolean isolate;

    OfRun() {}

    Sonde of(Sonde sonde) {
      if (handOut) {
        return sonde.handingOut();
      }
      return own.of(isolate ? sonde.isolating() : sonde);
    }
  }

  /** The installation with the workers that were asked for. */
  Sonde of(Sonde sonde) {
    return count == 0 ? sonde : sonde.withWorkers(count);
  }
}
