package dev.sonde.formats.huggingface;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import dev.sonde.formats.json.Json;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Matrices as bitsandbytes stores them: 8 bits with a scale a row, or 4 bits of a table. */
final class BitsAndBytes {
  private static final String NAME = "bitsandbytes";

  private BitsAndBytes() {}

  static WeightForms.AsNumbers read(Path folder, Map<String, Tensor> tensors) {
    Map<String, Weight> weights = new LinkedHashMap<>(tensors);
    for (Tensor tensor : tensors.values()) {
      String name = tensor.name();
      if (!name.endsWith(".weight") || tensor.dtype().isReal()) {
        continue;
      }
      if (tensor.dtype() == DType.I8) {
        weights.put(name, rows(folder, tensor, tensors));
      } else {
        weights.put(name, table(folder, tensor, tensors));
      }
      String module = name.substring(0, name.length() - "weight".length());
      weights
          .keySet()
          .removeIf(
              other ->
                  other.startsWith(name + ".")
                      || other.equals(module + "SCB")
                      || other.equals(module + "weight_format"));
    }
    return new WeightForms.AsNumbers(
        weights,
        List.of(
            folder
                + ": weights are stored as bitsandbytes does; they are computed with in float32, and"
                + " activations are not rounded as its kernels do"));
  }

  private static Tensor beside(Path folder, Map<String, Tensor> tensors, String name) {
    Tensor found = tensors.get(name);
    if (found == null) {
      throw WeightForms.notRead(folder, NAME + " without '" + name + "'", "quant_method");
    }
    return found;
  }

  private static Weight rows(Path folder, Tensor stored, Map<String, Tensor> tensors) {
    String module = stored.name().substring(0, stored.name().length() - "weight".length());
    Tensor format = beside(folder, tensors, module + "weight_format");
    if (format.data().byteSize() < 1 || format.data().get(ValueLayout.JAVA_BYTE, 0) != 0) {
      throw WeightForms.notRead(folder, NAME + " in another order than row by row", format.name());
    }
    return new RowScaled(stored, floats(beside(folder, tensors, module + "SCB")));
  }

  private static float[] floats(Tensor tensor) {
    float[] all = new float[Math.toIntExact(tensor.count())];
    tensor.copyFloats(0, MemorySegment.ofArray(all), all.length);
    return all;
  }

  private static Weight table(Path folder, Tensor stored, Map<String, Tensor> tensors) {
    String name = stored.name();
    String state = name + ".quant_state.bitsandbytes__";
    String kind = tensors.containsKey(state + "nf4") ? "nf4" : "fp4";
    Tensor description = beside(folder, tensors, state + kind);
    Fields fields =
        new Fields(folder, Json.object(folder, description.data().toArray(ValueLayout.JAVA_BYTE)));
    List<Long> shape = IntStream.of(fields.integers("shape")).mapToObj(Long::valueOf).toList();
    int block = fields.size("blocksize", 1 << 20);
    Tensor scales = beside(folder, tensors, name + ".absmax");
    float[] perBlock =
        scales.dtype() == DType.U8 ? nested(folder, name, scales, fields, tensors) : floats(scales);
    float[] values = floats(beside(folder, tensors, name + ".quant_map"));
    TableWeight weight = new TableWeight(stored, shape, perBlock, block, values);
    if (values.length != 16
        || Math.ceilDiv(weight.count(), block) != perBlock.length
        || Math.ceilDiv(weight.count(), 2) != stored.count()) {
      throw new FormatException(folder, "tensor '" + name + "' does not fit its quant_state");
    }
    return weight;
  }

  /** Scales that are 8-bit numbers of a table themselves. */
  private static float[] nested(
      Path folder, String name, Tensor scales, Fields fields, Map<String, Tensor> tensors) {
    float[] values = floats(beside(folder, tensors, name + ".nested_quant_map"));
    float[] outer = floats(beside(folder, tensors, name + ".nested_absmax"));
    int block = fields.size("nested_blocksize", 1 << 20);
    float offset = (float) fields.real("nested_offset", 0);
    float[] all = new float[Math.toIntExact(scales.count())];
    for (int i = 0; i < all.length; i++) {
      int code = scales.data().get(ValueLayout.JAVA_BYTE, i) & 255;
      all[i] = values[code] * outer[i / block] + offset;
    }
    return all;
  }

  /**
   * Signed bytes, of which 127 is a row's scale.
   *
   * @param stored {@code [rows, columns]}
   */
  private record RowScaled(Tensor stored, float[] scales) implements Weight {
    @Override
    public String name() {
      return stored.name();
    }

    @Override
    public List<Long> shape() {
      return stored.shape();
    }

    @Override
    public void copyFloats(long from, MemorySegment target, long count) {
      long columns = shape().getLast();
      for (long i = 0; i < count; i++) {
        float scale = scales[Math.toIntExact((from + i) / columns)] / 127f;
        byte value = stored.data().get(ValueLayout.JAVA_BYTE, from + i);
        target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value * scale);
      }
    }
  }

  /**
   * Places in a table of sixteen values, two a byte, the first in its high half, times a scale a
   * block.
   */
  private record TableWeight(
      Tensor stored, List<Long> shape, float[] scales, int block, float[] values)
      implements Weight {
    @Override
    public String name() {
      return stored.name();
    }

    @Override
    public void copyFloats(long from, MemorySegment target, long count) {
      for (long i = 0; i < count; i++) {
        long at = from + i;
        int two = stored.data().get(ValueLayout.JAVA_BYTE, at / 2);
        int place = at % 2 == 0 ? two >> 4 & 15 : two & 15;
        float value = values[place] * scales[Math.toIntExact(at / block)];
        target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
      }
    }
  }
}
