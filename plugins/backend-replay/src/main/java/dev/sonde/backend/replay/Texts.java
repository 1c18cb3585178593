package dev.sonde.backend.replay;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tokenizer whose tokens are whole texts, numbered by their lines. */
final class Texts implements Tokenizer {
  private final List<String> texts;
  private final Map<String, Integer> numbers = new HashMap<>();

  private Texts(Path file, List<String> texts) {
    this.texts = texts;
    for (int i = 0; i < texts.size(); i++) {
      @Nullable Integer before = numbers.putIfAbsent(texts.get(i), i);
      if (before != null) {
        throw new ModelUnavailableException(
            "%s:%d: the text stands on line %d already, so that its row is not clear"
                .formatted(file, i + 1, before + 1));
      }
    }
  }

  /**
   * Reads the column {@code text} of a JSONL file.
   *
   * @throws ModelUnavailableException naming file and line of a row without one
   */
  static Texts read(Path file) {
    try {
      List<String> texts = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        Object text = Json.object(file, line.getBytes(StandardCharsets.UTF_8)).get("text");
        if (!(text instanceof String found)) {
          throw new ModelUnavailableException(
              "%s:%d: has no text".formatted(file, texts.size() + 1));
        }
        texts.add(found);
      }
      return new Texts(file, List.copyOf(texts));
    } catch (IOException e) {
      throw new ModelUnavailableException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  int size() {
    return texts.size();
  }

  @Override
  public Encoding encode(String text, boolean specialTokens) {
    @Nullable Integer number = numbers.get(text);
    if (number == null) {
      throw new InvalidInputException(
          "the text '%s' is not among those of model.with.texts".formatted(text));
    }
    return Encoding.of(new int[] {number}, new int[1], new int[] {text.length()});
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(texts.get(id));
    }
    return text.toString();
  }

  @Override
  public String token(int id) {
    return texts.get(id);
  }

  @Override
  public void close() {}
}
