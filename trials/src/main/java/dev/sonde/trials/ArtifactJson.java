package dev.sonde.trials;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON text of what an artifact holds. */
public final class ArtifactJson {
  private static final int FIRST_PRINTABLE = 0x20;

  private ArtifactJson() {}

  /** A text in quotation marks. */
  public static String text(String value) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        default -> {
          if (c < FIRST_PRINTABLE || Character.isSurrogate(c)) {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }

  /** A number; null where it is none. */
  public static String number(double value) {
    return Double.isFinite(value) ? String.valueOf(value) : "null";
  }

  /** A list of whole numbers. */
  public static String list(int... values) {
    return list(Arrays.stream(values).mapToObj(String::valueOf).toList());
  }

  /** A list of JSON texts. */
  public static String list(List<String> values) {
    return values.stream().collect(Collectors.joining(", ", "[", "]"));
  }

  /** An object of JSON texts by name. */
  public static String object(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> text(field.getKey()) + ": " + field.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
