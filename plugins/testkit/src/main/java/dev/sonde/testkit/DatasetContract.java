package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory;
import dev.sonde.api.data.DatasetFactory.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every reader of data sets keeps to. */
public abstract class DatasetContract extends ExtensionContract {
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

  /** A file that is wrong at one place. */
  protected abstract String malformed();

  /** The 1-based line on which that stands. */
  protected abstract int malformedLine();

  @Test
  void itKnowsItsFilesByNameAndNoOthers() {
    assertThat(factory().reads(Path.of(fileName()))).isTrue();
    assertThat(factory().reads(Path.of("some.jsonl"))).isFalse();
    assertThat(factory().reads(Path.of("some.unheard-of"))).isFalse();
  }

  @Test
  void everyRowIsReadInOrder() throws IOException {
    assertThat(read(content())).extracting(Row::columns).isEqualTo(rows());
  }

  @Test
  void everyRowSaysOnWhichLineItBegins() throws IOException {
    String text = content();
    int last = 0;
    for (Row row : read(text)) {
      assertThat(row.line()).isGreaterThan(last).isLessThanOrEqualTo((int) text.lines().count());
      last = row.line();
    }
  }

  @Test
  void theSameFileGivesTheSameRows() throws IOException {
    assertThat(read(content())).isEqualTo(read(content()));
  }

  @Test
  void whatIsMalformedIsRefusedByFileAndLine() {
    assertThatThrownBy(() -> read(malformed()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(fileName() + ":" + malformedLine());
  }

  @Test
  void aFileThatIsNotThereIsRefusedByName() {
    Path absent = folder.resolve("absent-" + fileName());
    assertThatThrownBy(() -> factory().read(absent, row -> {}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(absent.getFileName().toString());
  }

  private List<Row> read(String content) throws IOException {
    Path file = Files.writeString(folder.resolve(fileName()), content);
    List<Row> rows = new ArrayList<>();
    factory().read(file, rows::add);
    return rows;
  }
}
