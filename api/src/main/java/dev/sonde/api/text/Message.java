package dev.sonde.api.text;

import dev.sonde.api.ApiStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param fields what it holds, as JSON does: {@code role}, {@code content} (a text or a list of
 *     parts), and whatever else the model's chat template reads, such as {@code tool_calls};
 *     objects are maps, arrays are lists
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public record Message(Map<String, Object> fields) {
  private static final String ROLE = "role";
  private static final String CONTENT = "content";

  /**
   * A message with its fields copied in order.
   *
   * @throws IllegalArgumentException if it has no role
   */
  public Message {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    if (!(fields.get(ROLE) instanceof String)) {
      throw new IllegalArgumentException("a message needs a role");
    }
  }

  /** A message of one text. */
  public static Message of(String role, String content) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(ROLE, role);
    fields.put(CONTENT, content);
    return new Message(fields);
  }

  /** Whose it is: {@code system}, {@code user}, {@code assistant}, {@code tool}, … */
  public String role() {
    return String.valueOf(fields.get(ROLE));
  }

  /** Its text; empty where it has parts or none. */
  public Optional<String> content() {
    return fields.get(CONTENT) instanceof String text ? Optional.of(text) : Optional.empty();
  }
}
