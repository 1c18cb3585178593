package dev.sonde.backend.pytorch;

import dev.sonde.packing.Sampler;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One row of log-probabilities over the vocabulary. */
record LogProbabilities(MemorySegment cells, int row, int size) implements Sampler.Distribution {
  @Override
  public double logProbability(int token) {
    return cells.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * size + token);
  }
}
