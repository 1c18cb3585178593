package dev.sonde.formats.gguf;

import dev.sonde.formats.Weight;
import dev.sonde.formats.json.Json;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What src/test/python/make_gguf_fixtures.py wrote. */
public final class Fixtures {
  private static final Path FOLDER = Path.of("src/test/resources/gguf");

  private Fixtures() {}

  public static Path file(String name) {
    return FOLDER.resolve(name);
  }

  public static GgufFile open(String name) {
    return GgufFile.open(file(name + ".gguf"), Arena.ofAuto());
  }

  public static Map<String, Tensor> expected(String name) {
    return SafetensorsFile.open(file(name + ".safetensors"), Arena.ofAuto()).tensors();
  }

  public static Map<String, Object> json(String name) {
    try {
      return Json.object(file(name), Files.readAllBytes(file(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static float[] floats(Weight weight) {
    return floats(weight, 0, (int) weight.count());
  }

  public static float[] floats(Weight weight, long from, int count) {
    float[] numbers = new float[count];
    weight.copyFloats(from, MemorySegment.ofArray(numbers), count);
    return numbers;
  }
}
