package dev.sonde.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir Path folder;

  @Test
  void aByteOrderMarkIsNoText() throws IOException {
    Path marked = Files.writeString(folder.resolve("marked"), "\uFEFFa\nb");
    assertThat(TextFile.read(marked)).isEqualTo("a\nb");
    try (BufferedReader reader = TextFile.reader(marked)) {
      assertThat(reader.readLine()).isEqualTo("a");
    }
    assertThat(TextFile.withoutMark("\uFEFF{}".getBytes(StandardCharsets.UTF_8)))
        .asString()
        .isEqualTo("{}");
    Path plain = Files.writeString(folder.resolve("plain"), "a\uFEFF");
    assertThat(TextFile.read(plain)).isEqualTo("a\uFEFF");
    try (BufferedReader reader = TextFile.reader(Files.writeString(folder.resolve("short"), "a"))) {
      assertThat(reader.readLine()).isEqualTo("a");
    }
  }

  @Test
  void bytesThatAreNoUtf8AreRefusedByLine() throws IOException {
    byte[] latin = ("one\n" + "größe ".repeat(20_000) + "\ncaf").getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Arrays.copyOf(latin, latin.length + 1);
    bytes[latin.length] = (byte) 0xE9;
    Path file = Files.write(folder.resolve("latin"), bytes);
    assertThatThrownBy(() -> TextFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(file + ": line 3 is not UTF-8");
    assertThatThrownBy(
            () -> {
              try (BufferedReader reader = TextFile.reader(file)) {
                reader.lines().count();
              }
            })
        .hasCauseInstanceOf(CharacterCodingException.class);
  }

  @Test
  void utf16IsNamed() throws IOException {
    Path file = Files.write(folder.resolve("wide"), "a".getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> TextFile.read(file)).hasMessageContaining("UTF-16");
    assertThatThrownBy(() -> TextFile.reader(file)).hasMessageContaining("UTF-16");
  }

  @Test
  void halvesOfSurrogatePairsAreReplacedWhereTheyStand() {
    assertThat(WellFormed.of("a\ud83d b\udE42 \ud83d\ude42 \ud83d"))
        .isEqualTo("a\uFFFD b\uFFFD \ud83d\ude42 \uFFFD");
    assertThat(WellFormed.of("\ud83d\ud83d\ude42")).isEqualTo("\uFFFD\ud83d\ude42");
    assertThat(WellFormed.firstHalf("plain \ud83d\ude42")).isEmpty();
    assertThat(WellFormed.firstHalf("a\udE42")).hasValue(1);
  }
}
