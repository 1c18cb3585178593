package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Sequence;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Changes what generated sequences wish at a step, and keeps the last row of each where it is asked
 * for.
 */
final class StepTaps implements Taps {
  private final Edits edits = new Edits();
  private final List<HookPoint> points;
  private final int[] counts;
  private final int[] ends;
  private final List<BiConsumer<HookPoint, float[]>> keepers = new ArrayList<>();

  /**
   * A step.
   *
   * @param points whose rows are kept
   * @param counts per sequence, how many tokens are run
   */
  StepTaps(List<HookPoint> points, int... counts) {
    this.points = List.copyOf(points);
    this.counts = counts.clone();
    this.ends = counts.clone();
    Arrays.parallelPrefix(ends, Integer::sum);
  }

  /**
   * The next sequence.
   *
   * @param before its tokens that were run before
   * @param keeper takes its last row at a point
   */
  void add(Sequence sequence, int before, BiConsumer<HookPoint, float[]> keeper) {
    int place = keepers.size();
    edits.add(sequence, ends[place] - counts[place] - before, before, before + counts[place]);
    keepers.add(keeper);
  }

  /** The last row of each sequence. */
  int[] lastRows() {
    return IntStream.of(ends).map(end -> end - 1).toArray();
  }

  @Override
  public boolean wants(HookPoint point) {
    return edits.touches(point) || points.contains(point);
  }

  @Override
  public boolean wantsLinears() {
    return edits.touchesLinears() || points.stream().anyMatch(HookPoint::isLinear);
  }

  @Override
  public PtNDArray at(Torch.Scope scope, HookPoint point, PtNDArray activations) {
    PtNDArray changed = edits.at(scope, point, activations);
    if (points.contains(point)) {
      PtNDArray flat = scope.call("flat", changed);
      PtNDArray rows = scope.call("take", flat, scope.integers(lastRows()));
      float[] cells = Torch.host(rows).toArray(ValueLayout.JAVA_FLOAT);
      int width = cells.length / keepers.size();
      for (int i = 0; i < keepers.size(); i++) {
        keepers.get(i).accept(point, Arrays.copyOfRange(cells, i * width, (i + 1) * width));
      }
    }
    return changed;
  }
}
