package dev.sonde.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {
  @TempDir Path folder;

  @Test
  void theWholeAppearsUnderItsNameAndNothingStays() throws IOException {
    Path target = folder.resolve("model");
    try (ScratchFolder scratch = ScratchFolder.beside(target)) {
      Files.writeString(scratch.content().resolve("a"), "1");
      assertThat(target).doesNotExist();
      scratch.publishAs(target);
    }
    assertThat(target.resolve("a")).hasContent("1");
    assertThat(names()).containsExactly("model");
  }

  @Test
  void whatHasTheNameIsKept() throws IOException {
    Path target = Files.createDirectories(folder.resolve("model"));
    try (ScratchFolder scratch = ScratchFolder.beside(target)) {
      assertThatThrownBy(() -> scratch.publishAs(target))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(names()).containsExactly("model");
  }

  @Test
  void aKilledWritersFolderIsRemovedByTheNextForTheSameTargetOnly() throws IOException {
    Path left = left("model.0123456789abcdef.unfinished");
    Path others = left("model2.0123456789abcdef.unfinished");
    Path mine = left("model.unfinished");
    ScratchFolder.beside(folder.resolve("model")).close();
    assertThat(left).doesNotExist();
    assertThat(others).exists();
    assertThat(mine).exists();
  }

  @Test
  void aFolderWhoseWriterLivesIsKept() throws IOException {
    try (ScratchFolder living = ScratchFolder.beside(folder.resolve("model"))) {
      ScratchFolder.beside(folder.resolve("model")).close();
      assertThat(living.content()).exists();
    }
    assertThat(names()).isEmpty();
  }

  private Path left(String name) throws IOException {
    Path left = Files.createDirectories(folder.resolve(name).resolve("content")).getParent();
    Files.writeString(left.resolve("lock"), "");
    Files.writeString(left.resolve("content/a"), "1");
    return left;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }
}
