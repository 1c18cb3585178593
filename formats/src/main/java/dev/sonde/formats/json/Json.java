package dev.sonde.formats.json;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.LfsPointer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads a whole JSON object; duplicate keys and anything after it are errors. NaN and Infinity are
 * numbers, as Python writes them.
 */
public final class Json {
  private static final int LONGEST_NAME = 4_096;
  private static final int DEEPEST = 64;
  private static final int LONGEST_TEXT = 100_000_000;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and Infinity
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNameLength(LONGEST_NAME)
                  .maxStringLength(LONGEST_TEXT)
                  .build())
          .build();

  /** What {@link #objectWithNone} has where a file says null. */
  public static final Object NONE =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  private Json() {}

  /**
   * The object in the bytes, keys in file order; numbers are {@link Long} or {@link Double}.
   *
   * @param file named in messages
   * @throws FormatException if it is not one well-formed object
   */
  public static Map<String, Object> object(Path file, byte[] bytes) {
    return object(file, bytes, false);
  }

  /**
   * The same with {@link #NONE} where the file says null; elsewhere what is null is left out.
   *
   * @throws FormatException if it is not one well-formed object
   */
  public static Map<String, Object> objectWithNone(Path file, byte[] bytes) {
    return object(file, bytes, true);
  }

  private static Map<String, Object> object(Path file, byte[] bytes, boolean keepsNone) {
    LfsPointer.check(file, bytes);
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new FormatException(file, "is not a JSON object");
      }
      Map<String, Object> read = object(parser, keepsNone);
      if (parser.nextToken() != null) {
        throw new FormatException(file, "has something after its JSON object");
      }
      return read;
    } catch (JacksonException e) {
      throw new FormatException(
          file,
          "malformed JSON%s: %s".formatted(place(e.getLocation()), e.getOriginalMessage()),
          e);
    }
  }

  /** Limits, such as that of nesting, are passed nowhere in particular. */
  private static String place(@Nullable TokenStreamLocation location) {
    return location == null
        ? ""
        : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static Map<String, Object> object(JsonParser parser, boolean keepsNone) {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      Object value = value(parser, keepsNone);
      if (value != null) {
        map.put(key, value);
      }
    }
    return map;
  }

  private static @Nullable Object value(JsonParser parser, boolean keepsNone) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, keepsNone);
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          Object item = value(parser, keepsNone);
          if (item != null) {
            list.add(item);
          }
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> keepsNone ? NONE : null;
    };
  }
}
