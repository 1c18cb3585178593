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
import java.lang.foreign.ValueLayout;
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
      Sequence.Builder builder = Sequence.builder(first.tokens());
      firstStep.add(step);
      while (step < places.size() && places.get(step).tokens() == first.tokens()) {
        places.get(step++).spans().forEach(builder::span);
      }
      sequences.add(builder.build());
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
    try (ActivationStream stream =
        model.forward(ForwardRequest.of(sequences).readEach(reads).build())) {
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

  /** These steps and those of another reading of the same model behind them. */
  public StepActivations followedBy(StepActivations other) {
    List<Matrix> joined = new ArrayList<>();
    for (int i = 0; i < positions.size(); i++) {
      Matrix first = positions.get(i);
      Matrix second = other.positions.get(i);
      Matrix both =
          Matrix.zeros(Matrix.Type.FLOAT32, first.rows() + second.rows(), first.columns());
      long bytes = first.segment().byteSize();
      both.segment().copyFrom(first.segment());
      both.segment().asSlice(bytes).copyFrom(second.segment());
      joined.add(both);
    }
    return new StepActivations(layers, width, joined);
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

  /** The numbers as bytes: layers, width, positions, steps, then all cells. */
  public byte[] bytes() {
    int steps = positions.getFirst().rows();
    long cells = positions.getFirst().segment().byteSize();
    MemorySegment all =
        MemorySegment.ofArray(
            new byte[Math.toIntExact(4L * Integer.BYTES + cells * positions.size())]);
    int[] head = {layers, width, positions.size(), steps};
    for (int i = 0; i < head.length; i++) {
      all.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, head[i]);
    }
    for (int i = 0; i < positions.size(); i++) {
      MemorySegment.copy(positions.get(i).segment(), 0, all, 4L * Integer.BYTES + i * cells, cells);
    }
    return (byte[]) all.heapBase().orElseThrow();
  }

  /** Read back from {@link #bytes}. */
  public static StepActivations of(byte[] bytes) {
    MemorySegment all = MemorySegment.ofArray(bytes);
    int[] head = new int[4];
    for (int i = 0; i < head.length; i++) {
      head[i] = all.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
    }
    List<Matrix> positions = new ArrayList<>();
    long from = 4L * Integer.BYTES;
    for (int i = 0; i < head[2]; i++) {
      Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, head[3], head[0] * head[1]);
      long length = (long) matrix.rows() * matrix.columns() * Float.BYTES;
      MemorySegment.copy(all, from, matrix.segment(), 0, length);
      from += length;
      positions.add(matrix);
    }
    return new StepActivations(head[0], head[1], positions);
  }
}
