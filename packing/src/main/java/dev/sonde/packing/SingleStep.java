package dev.sonde.packing;

import java.util.function.Consumer;

/** A pass that computes a batch at one go, for backends that cannot stop between blocks. */
public final class SingleStep implements BatchComputation {
  private final Readout readout;
  private final Consumer<Readout> compute;
  private boolean done;

  /**
   * A pass over the readout's batch.
   *
   * @param compute offers every hook point that the readout wants
   */
  public SingleStep(Readout readout, Consumer<Readout> compute) {
    this.readout = readout;
    this.compute = compute;
  }

  @Override
  public Readout readout() {
    return readout;
  }

  @Override
  public boolean advance() {
    if (done) {
      return false;
    }
    done = true;
    compute.accept(readout);
    return true;
  }

  @Override
  public void close() {
    done = true;
  }
}
