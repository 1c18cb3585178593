package dev.sonde.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GgufFileTest {
  private static final Path FILE = Path.of("test.gguf");

  @TempDir Path folder;

  @Test
  void aFileOnDiskIsReadAsItsBytesAre() throws IOException {
    Path file = Files.write(folder.resolve("valid.gguf"), valid());
    try (Arena arena = Arena.ofConfined()) {
      GgufFile read = GgufFile.open(file, arena);
      assertThat(read.tensors().keySet()).containsExactly("t0", "t1");
      assertThat(Fixtures.floats(read.tensor("t1"))).containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
      assertThatThrownBy(() -> read.tensor("t2"))
          .isInstanceOf(FormatException.class)
          .hasMessage(file + ": has no tensor 't2'");
    }
  }

  @Test
  void anEmptyOrMissingFileIsRefused() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.gguf"));
    assertThatThrownBy(() -> GgufFile.open(empty, Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessage(empty + ": byte 0: does not begin with GGUF");
    assertThatThrownBy(() -> GgufFile.open(folder.resolve("missing.gguf"), Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void metadataOfEveryTypeIsReadAsThatType() {
    GgufMetadata metadata = Fixtures.open("types").metadata();

    assertThat(metadata.values())
        .containsEntry("test.uint8", 200L)
        .containsEntry("test.int8", -100L)
        .containsEntry("test.uint16", 60_000L)
        .containsEntry("test.int16", -30_000L)
        .containsEntry("test.uint32", 4_000_000_000L)
        .containsEntry("test.int32", -2_000_000_000L)
        .containsEntry("test.uint64", new BigInteger("18446744073709551615"))
        .containsEntry("test.int64", -(1L << 62))
        .containsEntry("test.float32", 1e-5f)
        .containsEntry("test.float64", 1e-300)
        .containsEntry("test.bool", true)
        .containsEntry("test.string", "naïve 🦙")
        .containsEntry("test.strings", List.of("a", "", "ß"))
        .containsEntry("test.numbers", List.of(1L, -2L, 3L))
        .containsEntry("test.nested", List.of(List.of(1L, 2L), List.of(3L)));
    assertThat(metadata.real("test.float32")).contains(1e-5);
  }

  @Test
  void aValueOfAnotherTypeThanAskedIsRefusedByKey() {
    GgufMetadata metadata = Fixtures.open("types").metadata();
    assertThatThrownBy(() -> metadata.text("test.bool"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("metadata 'test.bool' is not a text");
    assertThatThrownBy(() -> metadata.whole("test.uint64"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("is not a whole number");
    assertThat(metadata.flag("absent")).isEmpty();
  }

  @Test
  void shapesAreOutermostFirst() {
    GgufTensor tensor = Fixtures.open("types").tensor("Q4_K");
    assertThat(tensor.shape()).containsExactly(3L, 512L);
    assertThat(tensor.type()).isEqualTo(GgufType.Q4_K);
  }

  @Test
  void everyPrefixOfAFileIsRefused() {
    byte[] whole = valid();
    open(whole);
    for (int length = 0; length < whole.length; length++) {
      byte[] prefix = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> open(prefix))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("byte ");
    }
  }

  @Test
  void noByteOfAHeaderCanBreakTheReader() {
    byte[] whole = valid();
    for (int at = 0; at < whole.length; at++) {
      for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
        byte[] changed = whole.clone();
        changed[at] = (byte) value;
        try {
          GgufFile file = open(changed);
          file.metadata().values().values().forEach(Object::toString);
        } catch (FormatException e) {
          assertThat(e).hasMessageContaining("byte ");
        }
      }
    }
  }

  static Stream<Arguments> hostileHeaders() {
    long huge = 1L << 60;
    return Stream.of(
        Arguments.of("does not begin with GGUF", new GgufBytes().ascii("GGML").u32(3)),
        Arguments.of("has version 1", new GgufBytes().ascii("GGUF").u32(1).u64(0).u64(0)),
        Arguments.of("has version 4", new GgufBytes().ascii("GGUF").u32(4).u64(0).u64(0)),
        Arguments.of("is big-endian", new GgufBytes().ascii("GGUF").u32(3 << 24).u64(0).u64(0)),
        Arguments.of("1152921504606846976 tensors do not fit", GgufBytes.header(huge, 0)),
        Arguments.of("18446744073709551615 metadata pairs", GgufBytes.header(0, -1)),
        Arguments.of(
            "a metadata key of 1152921504606846976 bytes does not fit",
            GgufBytes.header(0, 1).u64(huge).padTo(64)),
        Arguments.of(
            "metadata 'k' of 1152921504606846976 bytes does not fit",
            GgufBytes.header(0, 1).text("k").u32(8).u64(huge).padTo(64)),
        Arguments.of(
            "a text is not UTF-8", GgufBytes.header(0, 1).u64(1).u8(0xff).u32(4).u32(0).u32(0)),
        Arguments.of("'k' has unknown type 13", GgufBytes.header(0, 1).text("k").u32(13).u64(0)),
        Arguments.of("neither true nor false", GgufBytes.header(0, 1).text("k").u32(7).u8(2)),
        Arguments.of(
            "neither true nor false",
            GgufBytes.header(0, 1).text("k").u32(9).u32(7).u64(2).u8(1).u8(3)),
        Arguments.of("'k' is there twice", GgufBytes.header(0, 2).pair("k", 1).pair("k", 1)),
        Arguments.of(
            "1152921504606846976 elements of metadata 'k' do not fit",
            GgufBytes.header(0, 1).text("k").u32(9).u32(4).u64(huge)),
        Arguments.of(
            "a text of metadata 'k' of 99 bytes",
            GgufBytes.header(0, 1).text("k").u32(9).u32(8).u64(1).u64(99)),
        Arguments.of("nests arrays more than 8 deep", nested()),
        Arguments.of("general.alignment is 0", GgufBytes.header(0, 1).pair("general.alignment", 0)),
        Arguments.of(
            "general.alignment is 48", GgufBytes.header(0, 1).pair("general.alignment", 48)),
        Arguments.of(
            "general.alignment is 2147483648",
            GgufBytes.header(0, 1).pair("general.alignment", 1L << 31)),
        Arguments.of(
            "general.alignment is x", GgufBytes.header(0, 1).pair("general.alignment", "x")),
        Arguments.of("'t' has 0 sizes", tensor(0, 0)),
        Arguments.of("'t' has 5 sizes", tensor(5, 0, 1, 1, 1, 1, 1)),
        Arguments.of("'t' has the sizes [0]", tensor(1, 0, 0)),
        Arguments.of("'t' has the sizes [-1]", tensor(1, 0, -1)),
        Arguments.of("which overflow", tensor(4, 0, 1L << 20, 1L << 20, 1L << 20, 1L << 20)),
        Arguments.of("which overflow", tensor(2, 0, 1L << 31, 1L << 31)),
        Arguments.of("has unknown type 4", tensor(1, 4, 32)),
        Arguments.of("rows of 33 numbers, which are no blocks of 32", tensor(1, 2, 33)),
        Arguments.of("64 bytes from offset 0", vectors(1, 16, 0).padTo(32).u64(0)),
        Arguments.of("offset 33, which must be a multiple of 32", data(vectors(1, 1, 33))),
        Arguments.of("offset 18446744073709551584", data(vectors(1, 1, -32))),
        Arguments.of("offset 9223372036854775776", data(vectors(1, 1, Long.MAX_VALUE - 31))),
        Arguments.of("tensors 't0' and 't1' overlap", data(vectors(2, 16, 0))),
        Arguments.of(
            "tensor 't' is there twice",
            data(GgufBytes.header(2, 0).vector("t", 1, 0).vector("t", 1, 32))));
  }

  @ParameterizedTest
  @MethodSource("hostileHeaders")
  void aHostileHeaderIsRefusedWithItsReason(String reason, GgufBytes bytes) {
    assertThatThrownBy(() -> open(bytes.toArray()))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("test.gguf: byte ")
        .hasMessageContaining(reason);
  }

  /** A file with two pairs and two tensors. */
  private static byte[] valid() {
    return data(GgufBytes.header(2, 2)
            .pair("general.architecture", "llama")
            .text("list")
            .u32(9)
            .u32(8)
            .u64(1)
            .text("ab")
            .vector("t0", 8, 0)
            .vector("t1", 8, 32))
        .toArray();
  }

  private static GgufBytes nested() {
    GgufBytes bytes = GgufBytes.header(0, 1).text("k").u32(9);
    for (int depth = 0; depth < 20; depth++) {
      bytes.u32(9).u64(1);
    }
    return bytes;
  }

  private static GgufBytes tensor(int sizes, int type, long... size) {
    GgufBytes bytes = GgufBytes.header(1, 0).text("t").u32(sizes);
    Arrays.stream(size).forEach(bytes::u64);
    return bytes.u32(type).u64(0).padTo(64);
  }

  private static GgufBytes vectors(int count, long size, long offset) {
    GgufBytes bytes = GgufBytes.header(count, 0);
    for (int i = 0; i < count; i++) {
      bytes.vector("t" + i, size, offset);
    }
    return bytes;
  }

  private static GgufBytes data(GgufBytes header) {
    header.padTo(32);
    for (int i = 0; i < 16; i++) {
      header.f32(i);
    }
    return header;
  }

  private static GgufFile open(byte[] bytes) {
    return new HeaderReader(FILE, MemorySegment.ofArray(bytes)).read();
  }
}
