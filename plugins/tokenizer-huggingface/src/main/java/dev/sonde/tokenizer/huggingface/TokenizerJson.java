package dev.sonde.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.tokenizer.huggingface.template.ChatTemplate;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tokenizer.json, opened, with the chat template that lies beside it. */
final class TokenizerJson implements Tokenizer {
  private final HuggingFaceTokenizer tokenizer;
  private final Path file;
  private Optional<Optional<ChatTemplate>> chat = Optional.empty();

  TokenizerJson(HuggingFaceTokenizer tokenizer, Path file) {
    this.tokenizer = tokenizer;
    this.file = file;
  }

  @Override
  public Encoding encode(String text, boolean specialTokens) {
    var encoded = tokenizer.encode(text, specialTokens, false);
    int[] ids = Arrays.stream(encoded.getIds()).mapToInt(Math::toIntExact).toArray();
    int[] starts = new int[ids.length];
    int[] ends = new int[ids.length];
    int[] units = utf16Offsets(text);
    CharSpan[] spans = encoded.getCharTokenSpans();
    int last = 0;
    for (int i = 0; i < ids.length; i++) {
      @Nullable CharSpan span = spans[i];
      starts[i] = span == null ? last : units[span.getStart()];
      ends[i] = span == null ? last : units[span.getEnd()];
      last = ends[i];
    }
    return new Encoding(ids, starts, ends);
  }

  /** Per code point its offset in UTF-16 units, and the length at the end. */
  private static int[] utf16Offsets(String text) {
    int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
    for (int point = 0, unit = 0; point < offsets.length; point++) {
      offsets[point] = unit;
      if (unit < text.length()) {
        unit += Character.charCount(text.codePointAt(unit));
      }
    }
    return offsets;
  }

  @Override
  public String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  @Override
  public String token(int id) {
    return tokenizer.decode(new long[] {id}, false);
  }

  /** Read when it is first asked for: most runs feed no conversations. */
  private synchronized Optional<ChatTemplate> chat() {
    if (chat.isEmpty()) {
      ChatFiles files = ChatFiles.beside(file);
      chat =
          Optional.of(
              files
                  .template()
                  .map(
                      source ->
                          ChatTemplate.of(
                              source,
                              files.specialTokens(),
                              Clock.system(ZoneId.systemDefault()))));
    }
    return chat.get();
  }

  @Override
  public Optional<String> chatTemplate() {
    return chat().map(ChatTemplate::source);
  }

  @Override
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    return chat()
        .orElseThrow(
            () ->
                new UnsupportedCapabilityException(
                    "%s: the model brings no chat template: neither chat_template.jinja nor a chat_template in tokenizer_config.json"
                        .formatted(file.resolveSibling(""))))
        .render(messages, addGenerationPrompt);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
