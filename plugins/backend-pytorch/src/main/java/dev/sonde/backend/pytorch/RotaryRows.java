package dev.sonde.backend.pytorch;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.Frequencies;
import dev.sonde.formats.huggingface.Rotary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Cosines and sines of some tokens, {@code [tokens, 1, width]}, each angle written twice as the
 * planes lie in a head.
 */
record RotaryRows(Rotary rotary, PtNDArray cos, PtNDArray sin, MemorySegment memory) {
  /** A run of tokens of one sequence. */
  interface Runs {
    int count();

    /** Tokens in a run. */
    int length(int run);

    /** The position of a token of a run. */
    int position(int run, int token);

    /** All tokens that the run's sequence has so far. */
    int sequenceLength(int run);

    /** What it rotates with in place of the model's own frequencies. */
    Optional<Frequencies> frequencies(int run);
  }

  static RotaryRows of(Rotary rotary, Runs runs, int tokens, Torch.Scope scope) {
    int width = rotary.width();
    long cells = (long) tokens * width;
    MemorySegment memory = Arena.ofAuto().allocate(2 * cells * Float.BYTES, 64);
    long at = 0;
    float[] own = {};
    int variant = -1;
    for (int run = 0; run < runs.count(); run++) {
      int wanted = rotary.variant(runs.sequenceLength(run));
      if (wanted != variant) {
        variant = wanted;
        own = rotary.frequencies(runs.sequenceLength(run));
      }
      Frequencies frequencies =
          runs.frequencies(run).orElse(Frequencies.of(own, rotary.magnitude()));
      float[] perPlane = frequencies.perPlane();
      for (int token = 0; token < runs.length(run); token++) {
        int position = runs.position(run, token);
        write(memory, at, cells, position, perPlane, frequencies.magnitude(), rotary);
        at += width;
      }
    }
    return new RotaryRows(
        rotary,
        scope.view(memory.asSlice(0, cells * Float.BYTES), DataType.FLOAT32, tokens, 1, width),
        scope.view(memory.asSlice(cells * Float.BYTES), DataType.FLOAT32, tokens, 1, width),
        memory);
  }

  private static void write(
      MemorySegment memory,
      long at,
      long sines,
      int position,
      float[] frequencies,
      double magnitude,
      Rotary rotary) {
    int planes = frequencies.length;
    for (int plane = 0; plane < planes; plane++) {
      float angle = position * frequencies[plane];
      float cos = (float) (Math.cos(angle) * magnitude);
      float sin = (float) (Math.sin(angle) * magnitude);
      int first = rotary.interleaved() ? 2 * plane : plane;
      int second = rotary.interleaved() ? 2 * plane + 1 : plane + planes;
      for (int column : new int[] {first, second}) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, at + column, cos);
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, sines + at + column, sin);
      }
    }
  }

  PtNDArray rotate(Torch.Scope scope, PtNDArray x) {
    return scope.call("rotate", x, cos, sin, rotary.interleaved(), rotary.from());
  }
}
