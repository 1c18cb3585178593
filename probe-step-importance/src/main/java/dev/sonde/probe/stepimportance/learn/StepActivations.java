package dev.sonde.probe.stepimportance.learn;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import dev.sonde.api.probe.Model;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The residual stream behind every block at the tokens of steps.
 *
 * @param layers blocks
 * @param width numbers per block
 * @param positions per position {@code [steps, layers · width]} float32, block by block
 */
public record StepActivations(int layers, int width, List<Matrix> positions) {
  /** Which tokens of a step are read: the mean over all, or one of them. */
  public static final List<String> POSITIONS = List.of("mean", "first", "middle", "last");

  /** Activations with their list copied. */
  public StepActivations {
    positions = List.copyOf(positions);
  }

  /**
   * The tokens of a step that are read.
   *
   * @param tokens of the sequence it stands in
   * @param spans one per position
   */
  public record Place(int[] tokens, List<Span> spans) {
    /** A place with its list copied. */
    public Place {
      spans = List.copyOf(spans);
    }
  }

  /** The spans of {@link #POSITIONS} of a step. */
  public static List<Span> positions(int from, int to) {
    int middle = (from + to - 1) / 2;
    return List.of(
        new Span("mean", from, to),
        new Span("first", from, from + 1),
        new Span("middle", middle, middle + 1),
        new Span("last", to - 1, to));
  }

  /**
   * Reads the steps; those whose tokens are the same are read in one sequence.
   *
   * @param places one per step, all with as many positions; steps of one sequence follow each other
   */
  public static StepActivations read(Model model, List<Place> places) {
    int layers = model.info().layers();
    int width = model.info().width();
    int count = places.getFirst().spans().size();
    List<Sequence> sequences = new ArrayList<>();
    List<Integer> firstStep = new ArrayList<>();
    int step = 0;
    while (step < places.size()) {
      Place first = places.get(step);
      Sequence sequence = Sequence.of(first.tokens());
      firstStep.add(step);
      while (step < places.size() && places.get(step).tokens() == first.tokens()) {
        sequence = sequence.spans(places.get(step++).spans());
      }
      sequences.add(sequence);
    }
    List<Matrix> positions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      positions.add(Matrix.zeros(Matrix.Type.FLOAT32, places.size(), layers * width));
    }
    List<Read> reads = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      HookPoint point = HookPoint.of(layer, HookPoint.RESID_POST);
      reads.add(Read.of(point, Selector.eachSpan()).reduce(Read.MEAN));
    }
    try (ActivationStream stream = model.forward(ForwardRequest.of(sequences).readEach(reads))) {
      while (stream.next()) {
        for (Rows rows : stream.batch().rows()) {
          int layer = rows.read().point().layer().orElseThrow();
          for (int row = 0; row < rows.count(); row++) {
            int at = firstStep.get(rows.sequences()[row]) + rows.places()[row] / count;
            Matrix into = positions.get(rows.places()[row] % count);
            MemorySegment.copy(
                rows.row(row),
                0,
                into.segment(),
                ((long) at * layers + layer) * width * Float.BYTES,
                (long) width * Float.BYTES);
          }
        }
      }
    }
    return new StepActivations(layers, width, positions);
  }

  /**
   * Several readings of one model, one behind the other.
   *
   * @param parts at least one
   */
  public static StepActivations joined(List<StepActivations> parts) {
    StepActivations first = parts.getFirst();
    if (parts.size() == 1) {
      return first;
    }
    List<Matrix> joined = new ArrayList<>();
    for (int i = 0; i < first.positions.size(); i++) {
      int position = i;
      List<Matrix> all = parts.stream().map(part -> part.positions.get(position)).toList();
      Matrix whole =
          Matrix.zeros(
              Matrix.Type.FLOAT32,
              all.stream().mapToInt(Matrix::rows).sum(),
              first.layers * first.width);
      long at = 0;
      for (Matrix part : all) {
        MemorySegment.copy(part.segment(), 0, whole.segment(), at, part.segment().byteSize());
        at += part.segment().byteSize();
      }
      joined.add(whole);
    }
    return new StepActivations(first.layers, first.width, joined);
  }

  /** The blocks of a position side by side, {@code [steps, layers · width]}. */
  public Matrix layerwise(int position) {
    return positions.get(position);
  }

  /** The mean over blocks, {@code [steps, width]}. */
  public Matrix meanOverLayers(int position) {
    Matrix all = positions.get(position);
    Matrix mean = Matrix.zeros(Matrix.Type.FLOAT32, all.rows(), width);
    for (int r = 0; r < all.rows(); r++) {
      for (int c = 0; c < width; c++) {
        double sum = 0;
        for (int layer = 0; layer < layers; layer++) {
          sum += all.get(r, layer * width + c);
        }
        mean.set(r, c, sum / layers);
      }
    }
    return mean;
  }

  /** One block of a position, {@code [steps, width]}. */
  public Matrix at(int layer, int position) {
    Matrix all = positions.get(position);
    Matrix one = Matrix.zeros(Matrix.Type.FLOAT32, all.rows(), width);
    for (int r = 0; r < all.rows(); r++) {
      MemorySegment.copy(
          all.segment(),
          ((long) r * layers + layer) * width * Float.BYTES,
          one.segment(),
          (long) r * width * Float.BYTES,
          (long) width * Float.BYTES);
    }
    return one;
  }
}
