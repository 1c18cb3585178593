package dev.sonde.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentHashTest {
  @TempDir Path folder;

  @Test
  void aFoldersHashChangesWithAnyFileInIt() throws IOException {
    ContentHash hashes = new ContentHash(folder.resolve("cache"));
    Path data = Files.createDirectories(folder.resolve("data"));
    Path deep = Files.createDirectories(data.resolve("one")).resolve("a.json");
    Files.writeString(deep, "1");
    Files.writeString(data.resolve("b.json"), "2");
    String before = hashes.of(data);

    assertThat(hashes.of(data)).isEqualTo(before);
    Files.writeString(deep, "3");
    assertThat(hashes.of(data)).isNotEqualTo(before);
  }
}
