package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object per line. */
final class JsonLines implements DatasetFactory {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  @Override
  public String name() {
    return "jsonl";
  }

  @Override
  public String summary() {
    return "one JSON object per line";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(".jsonl") || file.toString().endsWith(".ndjson");
  }

  @Override
  public void read(Path file, Consumer<Row> rows) {
    TextLines.read(
        file,
        (line, text) -> {
          if (!text.isBlank()) {
            rows.accept(new Row(line, parse(file, line, text)));
          }
        });
  }

  private static Map<String, Object> parse(Path file, int line, String text) {
    Map<String, Object> row;
    try {
      row = MAPPER.readValue(text, OBJECT);
    } catch (JacksonException e) {
      throw new InvalidInputException(
          "%s:%d: is not a JSON object: %s%s"
              .formatted(file, line, e.getOriginalMessage(), column(e.getLocation())),
          e);
    }
    row.values().removeIf(Objects::isNull);
    row.forEach(
        (column, value) -> {
          if (!isFinite(value)) {
            throw new InvalidInputException(
                "%s:%d: '%s' holds NaN or Infinity, which Python writes and JSON does not have; write null where a number is missing (json.dumps with allow_nan=False finds them)"
                    .formatted(file, line, column));
          }
        });
    return row;
  }

  /** Where limits of size are passed no place is given. */
  private static String column(@Nullable TokenStreamLocation place) {
    return place == null ? "" : " (column %d)".formatted(place.getColumnNr());
  }

  private static boolean isFinite(@Nullable Object value) {
    return switch (value) {
      case Double number -> Double.isFinite(number);
      case List<?> list -> list.stream().allMatch(JsonLines::isFinite);
      case Map<?, ?> map -> map.values().stream().allMatch(JsonLines::isFinite);
      case null, default -> true;
    };
  }
}
