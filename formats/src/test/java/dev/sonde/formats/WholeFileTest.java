package dev.sonde.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path folder;

  @Test
  void partsStandOneAfterTheOtherInThePlaceOfWhatWasThere() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "before, and longer");
    WholeFile.write(file, "one".getBytes(), new byte[0], "two".getBytes());
    assertThat(file).hasContent("onetwo");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void aFileThatCannotBeReplacedLeavesNothingBeside() throws IOException {
    Path file = Files.createDirectories(folder.resolve("a.txt/filled")).getParent();
    assertThatThrownBy(() -> WholeFile.write(file, new byte[1])).isInstanceOf(IOException.class);
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void noTwoUnfinishedFilesHaveOneNameAndEachSaysWhatItBecomes() {
    Path first = WholeFile.unfinished(folder.resolve("a.txt"));
    Path second = WholeFile.unfinished(folder.resolve("a.txt"));
    assertThat(first).isNotEqualTo(second);
    assertThat(first.getParent()).isEqualTo(folder);
    assertThat(WholeFile.isUnfinished(first.getFileName().toString())).isTrue();
    assertThat(WholeFile.finished(first.getFileName().toString())).isEqualTo("a.txt");
    assertThat(WholeFile.isUnfinished("a.txt.unfinished")).isFalse();
    assertThat(WholeFile.finished("a.txt")).isEqualTo("a.txt");
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
