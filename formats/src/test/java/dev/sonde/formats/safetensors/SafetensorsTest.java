package dev.sonde.formats.safetensors;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sonde.formats.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Tensor matrix = tensor("blocks.0.hook_resid_post", new float[] {1, -2, 3.5f, 0, 5, 6}, 2, 3);
    Tensor vector = tensor("direction", new float[] {0.25f, 8}, 2);

    SafetensorsWriter.write(file, List.of(matrix, vector), Map.of("format", "sonde"));

    SafetensorsFile read = SafetensorsFile.open(file, Arena.ofAuto());
    assertEquals(List.of(2L, 3L), read.tensor("blocks.0.hook_resid_post").shape());
    assertArrayEquals(new float[] {1, -2, 3.5f, 0, 5, 6}, floats(read.tensor(matrix.name())));
    assertArrayEquals(new float[] {0.25f, 8}, floats(read.tensor("direction")));
    assertEquals(Map.of("format", "sonde"), read.metadata());
  }

  @Test
  void metadataIsWrittenInOneOrderWhateverTheMapsOrder() throws IOException {
    Map<String, String> ascending = new LinkedHashMap<>();
    Map<String, String> descending = new LinkedHashMap<>();
    for (int i = 0; i < 9; i++) {
      ascending.put("key" + i, "value");
      descending.put("key" + (8 - i), "value");
    }
    List<Tensor> tensors = List.of(tensor("x", new float[] {1}, 1));

    SafetensorsWriter.write(folder.resolve("a"), tensors, ascending);
    SafetensorsWriter.write(folder.resolve("b"), tensors, descending);

    assertEquals(-1, Files.mismatch(folder.resolve("a"), folder.resolve("b")));
  }

  @Test
  void aCreatedFileIsFilledByPosition() throws IOException {
    Path file = folder.resolve("slots.safetensors");
    var slot = new SafetensorsWriter.Slot("x", DType.F32, List.of(4L, 2L));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cells = SafetensorsWriter.create(file, slot, Map.of(), arena);
      cells.setAtIndex(ValueLayout.JAVA_FLOAT, 5, 42);
    }
    SafetensorsFile read = SafetensorsFile.open(file, Arena.ofAuto());
    assertArrayEquals(new float[] {0, 0, 0, 0, 0, 42, 0, 0}, floats(read.tensor("x")));
  }

  @Test
  void aTensorOverTwoGibibytesIsReadToItsEnd() throws IOException {
    long count = (1L << 29) + 3; // the file has holes, so that it takes no room
    Path file = folder.resolve("large.safetensors");
    var slot = new SafetensorsWriter.Slot("x", DType.F32, List.of(count));
    try (Arena arena = Arena.ofConfined()) {
      SafetensorsWriter.create(file, slot, Map.of(), arena)
          .setAtIndex(ValueLayout.JAVA_FLOAT, count - 1, 42);
      SafetensorsFile read = SafetensorsFile.open(file, arena);
      MemorySegment two = arena.allocate(ValueLayout.JAVA_FLOAT, 2);
      read.tensor("x").copyFloats(count - 2, two, 2);
      assertArrayEquals(new float[] {0, 42}, two.toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  @Test
  void tensorsOverAShardsSizeAreSpreadOverFilesWithAnIndex() throws IOException {
    List<SafetensorsWriter.Slot> slots =
        List.of(
            new SafetensorsWriter.Slot("a", DType.F32, List.of(2L)),
            new SafetensorsWriter.Slot("b", DType.F32, List.of(2L)),
            new SafetensorsWriter.Slot("c", DType.F32, List.of(1L)));

    try (Arena arena = Arena.ofConfined()) {
      Map<String, MemorySegment> cells =
          SafetensorsWriter.createSharded(folder, "model", slots, Map.of(), 2 * Float.BYTES, arena);
      cells.get("b").setAtIndex(ValueLayout.JAVA_FLOAT, 1, 4);
    }

    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(
              "model-00001-of-00003.safetensors",
              "model-00002-of-00003.safetensors",
              "model-00003-of-00003.safetensors",
              "model.safetensors.index.json"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    TensorFolder read = TensorFolder.open(folder, "model", Arena.ofAuto());
    assertArrayEquals(new float[] {0, 4}, floats(read.tensors().get("b")));
    assertArrayEquals(new float[] {0}, floats(read.tensors().get("c")));
  }

  @Test
  void halfPrecisionIsWidenedExactly() {
    MemorySegment bits = MemorySegment.ofArray(new short[] {0x3C00, (short) 0xC000, 0x3555});
    Tensor half = new Tensor("h", DType.F16, List.of(3L), bits);
    assertEquals(1f, half.floatAt(0));
    assertEquals(-2f, half.floatAt(1));
    assertEquals(0.33325195f, half.floatAt(2));
    Tensor brain =
        new Tensor("b", DType.BF16, List.of(1L), MemorySegment.ofArray(new short[] {0x4049}));
    assertEquals(3.140625f, brain.floatAt(0));
  }

  @Test
  void anIndexThatLeavesItsFolderIsRefused() throws IOException {
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"../secret.safetensors\"}}");
    assertThatThrownBy(() -> TensorFolder.open(folder, "model", Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("leaves the folder");
  }

  @Test
  void aFolderWithoutWeightsNamesBothFilesItLookedFor() {
    assertThatThrownBy(() -> TensorFolder.open(folder, "model", Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("neither model.safetensors nor model.safetensors.index.json");
  }

  static Stream<Arguments> hostileHeaders() {
    String four = "\"dtype\":\"F32\",\"shape\":[1]";
    return Stream.of(
        Arguments.of("{\"a\":{" + four + ",\"data_offsets\":[0,8]}}", 8, "needs 4 bytes"),
        Arguments.of("{\"a\":{" + four + ",\"data_offsets\":[0,4]}}", 0, "lies outside"),
        Arguments.of("{\"a\":{" + four + ",\"data_offsets\":[4,8]}}", 8, "leaves a hole"),
        Arguments.of("{\"a\":{" + four + ",\"data_offsets\":[0,4]}}", 8, "belong to no tensor"),
        Arguments.of(
            "{\"a\":{%s,\"data_offsets\":[0,4]},\"b\":{%s,\"data_offsets\":[0,4]}}"
                .formatted(four, four),
            4,
            "overlaps another"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[9000000000000000000,9],\"data_offsets\":[0,4]}}",
            4,
            "overflows"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "shape holds"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "dtype F4"),
        Arguments.of("{\"a\":{" + four + ",\"data_offsets\":[0,4]},\"a\":{}}", 4, "malformed JSON"),
        Arguments.of("[]", 0, "not a JSON object"),
        Arguments.of("{\"a\":3}", 0, "is not an object"),
        Arguments.of("{\"__metadata__\":{\"a\":{}}}", 0, "is not a text"),
        Arguments.of("{\"a\":{\"dtype\":\"F32\"}}", 0, "data_offsets is missing"));
  }

  @ParameterizedTest
  @MethodSource("hostileHeaders")
  void aHostileHeaderIsRefusedWithItsReason(String header, int dataBytes, String reason)
      throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    Path path = Files.write(folder.resolve("hostile.safetensors"), file.array());

    assertThatThrownBy(() -> SafetensorsFile.open(path, Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @MethodSource("truncations")
  void aTruncatedFileIsRefused(byte[] bytes, String reason) throws IOException {
    Path path = Files.write(folder.resolve("short.safetensors"), bytes);
    assertThatThrownBy(() -> SafetensorsFile.open(path, Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(reason);
  }

  static Stream<Arguments> truncations() {
    byte[] absurd = {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'};
    byte[] beyond = {50, 0, 0, 0, 0, 0, 0, 0, '{', '}'};
    return Stream.of(
        Arguments.of(new byte[] {2, 0, 0}, "too few for a header"),
        Arguments.of(absurd, "a header of 18446744073709551615 bytes does not fit"),
        Arguments.of(beyond, "a header of 50 bytes does not fit"));
  }

  private static Tensor tensor(String name, float[] values, long... shape) {
    MemorySegment data = Arena.ofAuto().allocate(values.length * 4L, 4);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    return Tensor.float32(name, data, shape);
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[(int) tensor.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.floatAt(i);
    }
    return values;
  }
}
