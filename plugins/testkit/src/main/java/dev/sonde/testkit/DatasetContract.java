package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory;
import dev.sonde.api.data.DatasetFactory.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every reader of data sets keeps to. */
public abstract class DatasetContract extends ExtensionContract {
  /** Where Linux shows what this process holds open. */
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  /** A folder for the test. */
  @TempDir protected Path folder;

  /** For sub-classes. */
  protected DatasetContract() {}

  @Override
  protected abstract DatasetFactory factory();

  /** The name of a file in the format. */
  protected abstract String fileName();

  /** A small file in the format. */
  protected abstract String content();

  /** The columns of its rows. */
  protected abstract List<Map<String, Object>> rows();

  /**
   * The 1-based lines on which the rows begin; by default the last lines of {@link #content}, one a
   * row, below whatever header there is.
   */
  protected List<Integer> lines() {
    int last = (int) content().stripTrailing().lines().count();
    return IntStream.rangeClosed(last - rows().size() + 1, last).boxed().toList();
  }

  /** A file that is wrong at one place. */
  protected abstract String malformed();

  /** The 1-based line on which that stands. */
  protected abstract int malformedLine();

  @Test
  void itKnowsItsFilesByNameAndNoOthers() {
    assertThat(factory().reads(Path.of(fileName())))
        .as("reads() says that '%s', which fileName() names, is in the format", fileName())
        .isTrue();
    for (String other : List.of("some.jsonl", "some.unheard-of")) {
      assertThat(factory().reads(Path.of(other)))
          .as("reads() claims '%s', which is no file of the format; test its ending", other)
          .isFalse();
    }
  }

  @Test
  void everyRowIsReadInOrder() throws IOException {
    assertThat(read(content()))
        .extracting(Row::columns)
        .as("the rows read from content() are those that rows() lists, in their order")
        .isEqualTo(rows());
  }

  @Test
  void everyRowSaysOnWhichLineItBegins() throws IOException {
    assertThat(read(content()))
        .extracting(Row::line)
        .as(
            "each row's line is the 1-based line of the file on which it begins, headers counted;"
                + " override lines() if rows take more than a line each")
        .isEqualTo(lines());
  }

  @Test
  void theSameFileGivesTheSameRows() throws IOException {
    assertThat(read(content()))
        .as("the rows of a second reading of the same file are those of the first")
        .isEqualTo(read(content()));
  }

  @Test
  void whatIsMalformedIsRefusedByFileAndLine() {
    assertThatThrownBy(() -> read(malformed()))
        .as(
            "reading malformed() throws an InvalidInputException that begins with file and line,"
                + " %s:%d",
            fileName(), malformedLine())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(fileName() + ":" + malformedLine());
  }

  @Test
  void aFileThatIsNotThereIsRefusedByName() {
    Path absent = folder.resolve("absent-" + fileName());
    assertThatThrownBy(() -> factory().read(absent, row -> {}))
        .as("reading a file that is not there throws an InvalidInputException that names it")
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(absent.getFileName().toString());
  }

  /** Looked up where Linux lists open files; skipped elsewhere. */
  @Test
  void theFileIsClosedAgainAlsoWhereItIsRefused() throws IOException {
    assumeThat(OPEN_FILES).isDirectory();
    read(content());
    assertThat(isOpen(fileName()))
        .as("%s is still open after it was read; read it in try-with-resources", fileName())
        .isFalse();
    try {
      read(malformed());
    } catch (InvalidInputException refused) {
      assertThat(isOpen(fileName()))
          .as("%s is still open after it was refused; read it in try-with-resources", fileName())
          .isFalse();
    }
  }

  private boolean isOpen(String name) throws IOException {
    Path file = folder.toRealPath().resolve(name);
    try (Stream<Path> open = Files.list(OPEN_FILES)) {
      return open.anyMatch(link -> leadsTo(link, file));
    }
  }

  /** Not where the link was that of the listing itself, which has ended. */
  private static boolean leadsTo(Path link, Path file) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (IOException e) {
      return false;
    }
  }

  private List<Row> read(String content) throws IOException {
    Path file = Files.writeString(folder.resolve(fileName()), content);
    List<Row> rows = new ArrayList<>();
    factory().read(file, rows::add);
    return rows;
  }
}
