package dev.sonde.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory.Row;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against rows.json, which pyarrow read; see make_parquet_fixtures.py. */
class ParquetFilesTest {
  private static final Path FIXTURES = Path.of("src/test/resources/parquet");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"snappy", "zstd", "gzip", "none", "version2"})
  void rowsAreThoseThatPyarrowReads(String packing) throws IOException {
    Path recorded = FIXTURES.resolve("rows.json");
    Object wanted = Json.object(recorded, Files.readAllBytes(recorded)).get("rows");
    List<Row> rows = read(FIXTURES.resolve(packing + ".parquet"));
    assertThat(rows.stream().map(row -> withoutNulls(row.columns())).toList()).isEqualTo(wanted);
    assertThat(rows).extracting(Row::line).startsWith(1, 2, 3).endsWith(rows.size());
  }

  @Test
  void whatIsNullInsideAColumnStaysAndAColumnThatIsNullDoesNot() {
    List<Row> rows = read(FIXTURES.resolve("snappy.parquet"));
    assertThat(rows.get(3).columns()).doesNotContainKey("score").containsKey("text");
    assertThat(rows.getFirst().columns().get("chat"))
        .asInstanceOf(LIST)
        .first()
        .asInstanceOf(MAP)
        .containsEntry("calls", null);
  }

  @Test
  void valuesOfOtherKindsBecomeTextsAndNumbers() {
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("float", 0.1);
    wanted.put("day", "2026-03-09");
    wanted.put("time", "2026-03-09T14:05:06");
    wanted.put("bytes", "café");
    wanted.put("category", "yes");
    wanted.put("small", 7L);
    wanted.put("map", Map.of("a", 1L));
    assertThat(read(FIXTURES.resolve("kinds.parquet")).getFirst().columns()).isEqualTo(wanted);
  }

  @Test
  void textsThatAreNoUtf8AreRefusedByRow() {
    Path file = FIXTURES.resolve("latin1.parquet");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(file + ":1: column 'text' is not UTF-8");
  }

  @Test
  void twoColumnsOfOneNameAreRefused() {
    Path file = FIXTURES.resolve("twice.parquet");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(file + ": two columns are called 'text'");
  }

  @Test
  void aFileThatIsCutOffIsRefusedByName() throws IOException {
    byte[] whole = Files.readAllBytes(FIXTURES.resolve("snappy.parquet"));
    Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length / 2));
    Path text = Files.writeString(folder.resolve("text.parquet"), "not a table at all");
    for (Path file : List.of(cut, text, folder.resolve("absent.parquet"))) {
      assertThatThrownBy(() -> read(file))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void filesAreKnownByTheirNames() {
    assertThat(new ParquetFiles().reads(Path.of("a/train-00000-of-00001.parquet"))).isTrue();
    assertThat(new ParquetFiles().reads(Path.of("rows.jsonl"))).isFalse();
  }

  private static Object withoutNulls(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<Object, Object> kept = new LinkedHashMap<>();
        map.forEach(
            (key, item) -> {
              if (item != null) {
                kept.put(key, withoutNulls(item));
              }
            });
        yield kept;
      }
      case List<?> list -> list.stream().map(ParquetFilesTest::withoutNulls).toList();
      default -> value;
    };
  }

  private static List<Row> read(Path file) {
    List<Row> rows = new ArrayList<>();
    new ParquetFiles().read(file, rows::add);
    return rows;
  }
}
