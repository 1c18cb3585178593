package dev.sonde.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentHashTest {
  /** Bytes of a file whose hash is worth remembering. */
  private static final int LARGE = 3 << 20;

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

  @Test
  void aChangedFileWhoseTimeIsKeptHasAnotherHash() throws IOException {
    ContentHash hashes = new ContentHash(folder.resolve("cache"));
    Path file = Files.write(folder.resolve("weights"), new byte[LARGE]);
    FileTime time = Files.getLastModifiedTime(file);
    String before = hashes.of(file);

    byte[] changed = new byte[LARGE];
    changed[LARGE / 2] = 1;
    Files.write(file, changed);
    Files.setLastModifiedTime(file, time);

    assertThat(hashes.of(file)).isNotEqualTo(before).isEqualTo(ContentHash.of(changed));
    assertThat(ContentHash.afresh(file)).isEqualTo(ContentHash.of(changed));
  }

  @Test
  void aHashIsRemembered() throws IOException {
    ContentHash hashes = new ContentHash(folder.resolve("cache"));
    Path file = Files.write(folder.resolve("weights"), new byte[LARGE]);
    String hash = hashes.of(file);
    FileTime written = Files.getLastModifiedTime(entry());
    assertThat(hashes.of(file)).isEqualTo(hash);
    assertThat(Files.getLastModifiedTime(entry())).isEqualTo(written);
  }

  @Test
  void whatIsRememberedButMalformedIsComputedAgain() throws IOException {
    ContentHash hashes = new ContentHash(folder.resolve("cache"));
    Path file = Files.write(folder.resolve("weights"), new byte[LARGE]);
    String hash = hashes.of(file);
    String entry = Files.readString(entry());
    String other = entry.startsWith("0") ? "1" : "0";
    for (String wrong :
        List.of("", "0000", "xyz!", "0".repeat(64), hash, other + entry.substring(1))) {
      Files.writeString(entry(), wrong);
      assertThat(hashes.of(file)).as(wrong).isEqualTo(hash);
      assertThat(entry()).as(wrong).hasContent(entry);
    }
  }

  private Path entry() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("cache"))) {
      return entries.findFirst().orElseThrow();
    }
  }
}
