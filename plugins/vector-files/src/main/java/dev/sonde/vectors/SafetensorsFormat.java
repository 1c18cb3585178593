package dev.sonde.vectors;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Safetensors: one vector per hook point, under its name. */
final class SafetensorsFormat extends VectorFile {
  SafetensorsFormat() {
    super("safetensors");
  }

  @Override
  public String summary() {
    return "safetensors with one vector per hook point, as runs write them";
  }

  @Override
  Directions parse(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      SafetensorsFile opened = SafetensorsFile.open(file, arena);
      Map<HookPoint, float[]> vectors = new LinkedHashMap<>();
      for (Tensor tensor : opened.tensors().values()) {
        vectors.put(point(file, tensor), vector(file, tensor));
      }
      if (vectors.isEmpty()) {
        throw new FormatException(file, "holds no vector");
      }
      return Directions.of(vectors, opened.metadata());
    }
  }

  private static HookPoint point(Path file, Tensor tensor) {
    try {
      return HookPoint.parse(tensor.name());
    } catch (InvalidInputException e) {
      throw new FormatException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static float[] vector(Path file, Tensor tensor) {
    boolean real =
        switch (tensor.dtype()) {
          case F64, F32, F16, BF16 -> true;
          default -> false;
        };
    if (!real || tensor.shape().size() != 1) {
      throw new FormatException(
          file,
          "tensor '%s' is %s of shape %s, not one vector of real numbers"
              .formatted(tensor.name(), tensor.dtype(), tensor.shape()));
    }
    float[] vector = new float[Math.toIntExact(tensor.count())];
    tensor.copyFloats(0, MemorySegment.ofArray(vector), vector.length);
    return vector;
  }

  @Override
  public void write(Path file, Directions directions) {
    write(file, directions, () -> replace(file, directions));
  }

  private static void replace(Path file, Directions directions) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      List<Tensor> tensors = new ArrayList<>();
      directions
          .vectors()
          .forEach(
              (point, vector) ->
                  tensors.add(
                      Tensor.float32(
                          point.name(),
                          arena.allocateFrom(ValueLayout.JAVA_FLOAT, vector),
                          vector.length)));
      Files.deleteIfExists(file);
      SafetensorsWriter.write(file, tensors, new TreeMap<>(directions.metadata()));
    }
  }
}
