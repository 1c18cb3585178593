package dev.sonde.formats.gguf;

/**
 * A key and its value.
 *
 * @param key its name, such as {@code general.architecture}
 * @param type how the value is stored
 * @param value as {@link GgufMetadata#values} has it
 */
public record GgufPair(String key, ValueType type, Object value) {
  /** A text. */
  public static GgufPair text(String key, String value) {
    return new GgufPair(key, ValueType.STRING, value);
  }
}
