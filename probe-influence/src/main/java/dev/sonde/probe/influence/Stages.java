package dev.sonde.probe.influence;

import dev.sonde.api.linalg.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/** Keeps float32 matrices as stages of a run, which a resumed run reads back. */
final class Stages {
  private static final long NANOS = 1_000_000;
  private static final int SHAPE_BYTES = 2 * Integer.BYTES;

  private final BiFunction<String, Supplier<byte[]>, byte[]> stage;
  private final ObjLongConsumer<String> cost;

  /**
   * Over the stages of a probe.
   *
   * @param stage gives the bytes of a stage, by its name and what computes them
   * @param cost is told what a kind of stage took, in milliseconds
   */
  Stages(BiFunction<String, Supplier<byte[]>, byte[]> stage, ObjLongConsumer<String> cost) {
    this.stage = stage;
    this.cost = cost;
  }

  /**
   * Matrices, computed now or read back.
   *
   * @param name up to the first hyphen or full stop it is its kind
   */
  List<Matrix> matrices(String name, Supplier<List<Matrix>> work) {
    return matrices(
        stage.apply(
            name,
            () -> {
              long began = System.nanoTime();
              byte[] bytes = bytes(work.get());
              String kind = name.split("[-.]", 2)[0];
              cost.accept("cost." + kind + "_milliseconds", (System.nanoTime() - began) / NANOS);
              return bytes;
            }));
  }

  /**
   * Matrices of each linear. All are computed together, but each linear is a stage, so that none
   * holds more than the factors of one linear.
   */
  List<List<Matrix>> perLinear(
      String name, List<Linear> linears, Supplier<List<List<Matrix>>> work) {
    Once once = new Once(work);
    List<List<Matrix>> all = new ArrayList<>();
    for (int i = 0; i < linears.size(); i++) {
      int index = i;
      String own = name + "." + linears.get(i).module();
      all.add(matrices(own, () -> once.get().get(index)));
    }
    return all;
  }

  /** Computes at most once. */
  private static final class Once implements Supplier<List<List<Matrix>>> {
    private final Supplier<List<List<Matrix>>> work;
    private Optional<List<List<Matrix>>> result = Optional.empty();

    Once(Supplier<List<List<Matrix>>> work) {
      this.work = work;
    }

    @Override
    public List<List<Matrix>> get() {
      if (result.isEmpty()) {
        result = Optional.of(work.get());
      }
      return result.get();
    }
  }

  static byte[] bytes(List<Matrix> matrices) {
    long size = matrices.stream().mapToLong(m -> SHAPE_BYTES + m.segment().byteSize()).sum();
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.nativeOrder());
    for (Matrix matrix : matrices) {
      out.putInt(matrix.rows()).putInt(matrix.columns()).put(matrix.segment().asByteBuffer());
    }
    return out.array();
  }

  static List<Matrix> matrices(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    List<Matrix> matrices = new ArrayList<>();
    while (in.hasRemaining()) {
      Matrix matrix = Cells.zeros(in.getInt(), in.getInt());
      MemorySegment.copy(
          MemorySegment.ofArray(bytes),
          ValueLayout.JAVA_BYTE,
          in.position(),
          matrix.segment(),
          ValueLayout.JAVA_BYTE,
          0,
          matrix.segment().byteSize());
      in.position(in.position() + (int) matrix.segment().byteSize());
      matrices.add(matrix);
    }
    return matrices;
  }
}
