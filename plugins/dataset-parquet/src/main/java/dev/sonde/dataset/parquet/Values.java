package dev.sonde.dataset.parquet;

import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parquet's values as rows have them: texts, numbers, booleans, lists and maps of these. */
final class Values {
  private static final char REPLACEMENT = '\uFFFD';

  private Values() {}

  /** The value of a row's column; empty where it is null, or no text, number, list or map. */
  static Optional<Object> of(StructAccessor row, int column) {
    return row.isNull(column)
        ? Optional.empty()
        : Optional.ofNullable(plain(row.getValue(column), row.getRawValue(column)));
  }

  /**
   * A plain value; null where there is none.
   *
   * @param raw the same as the file stores it, in which texts are bytes
   */
  private static @Nullable Object plain(@Nullable Object value, @Nullable Object raw) {
    return switch (value) {
      case null -> null;
      case String text -> verbatim(text, raw);
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      case Byte number -> number.longValue();
      // As it is written: 0.1, not 0.10000000149011612.
      case Float number -> Double.valueOf(number.toString());
      case Number number -> number;
      case Boolean truth -> truth;
      case byte[] bytes -> decoded(bytes).orElse(null);
      case PqStruct struct -> map(struct);
      case PqList list -> list(list);
      case PqMap map -> map(map);
      default -> value.toString(); // dates, times, ids
    };
  }

  private static Map<String, Object> map(PqStruct struct) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < struct.getFieldCount(); i++) {
      map.put(
          struct.getFieldName(i),
          struct.isNull(i) ? null : plain(struct.getValue(i), struct.getRawValue(i)));
    }
    return map;
  }

  private static Map<String, Object> map(PqMap pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (PqMap.Entry entry : pairs.getEntries()) {
      map.put(
          String.valueOf(plain(entry.getKey(), entry.getRawKey())),
          entry.isValueNull() ? null : plain(entry.getValue(), entry.getRawValue()));
    }
    return map;
  }

  private static List<Object> list(PqList items) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      list.add(items.isNull(i) ? null : plain(items.get(i), items.getRaw(i)));
    }
    return list;
  }

  /** The library replaces what is no UTF-8, which is not what stands in the file. */
  private static String verbatim(String text, @Nullable Object raw) {
    if (text.indexOf(REPLACEMENT) >= 0 && raw instanceof byte[] bytes) {
      try {
        strictly(bytes);
      } catch (CharacterCodingException e) {
        throw new MalformedTextException(e);
      }
    }
    return text;
  }

  /** Old writers do not say that bytes are texts. */
  private static Optional<String> decoded(byte[] bytes) {
    try {
      return Optional.of(strictly(bytes));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String strictly(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes))
        .toString();
  }
}
