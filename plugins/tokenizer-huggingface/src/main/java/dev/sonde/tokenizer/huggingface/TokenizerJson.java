package dev.sonde.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.formats.WellFormed;
import dev.sonde.tokenizer.huggingface.template.ChatTemplate;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tokenizer.json, opened, with the chat template that belongs to it. */
final class TokenizerJson implements Tokenizer {
  private final HuggingFaceTokenizer tokenizer;
  private final Path file;
  private final Supplier<ChatFiles> chatFiles;
  private final List<String> notes;
  private final Map<String, ChatTemplate> templates = new HashMap<>();
  private Optional<ChatFiles> chat = Optional.empty();

  /**
   * A tokenizer.
   *
   * @param file where it comes from
   * @param chatFiles read when a conversation is first asked about: most runs feed none
   * @param notes see {@link #notes}
   */
  TokenizerJson(
      HuggingFaceTokenizer tokenizer,
      Path file,
      Supplier<ChatFiles> chatFiles,
      List<String> notes) {
    this.tokenizer = tokenizer;
    this.file = file;
    this.chatFiles = chatFiles;
    this.notes = List.copyOf(notes);
  }

  @Override
  public Encoding encode(String given, boolean specialTokens) {
    String text = WellFormed.of(given);
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
    return Encoding.of(ids, starts, ends);
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

  @Override
  public List<String> notes() {
    return notes;
  }

  private synchronized ChatFiles chat() {
    if (chat.isEmpty()) {
      chat = Optional.of(chatFiles.get());
    }
    return chat.get();
  }

  private synchronized ChatTemplate template(String source) {
    return templates.computeIfAbsent(
        source,
        written ->
            ChatTemplate.of(written, chat().specialTokens(), Clock.system(ZoneId.systemDefault())));
  }

  @Override
  public Optional<String> chatTemplate() {
    Map<String, String> all = chat().templates();
    return Optional.ofNullable(all.get(ChatFiles.DEFAULT))
        .or(() -> all.values().stream().findFirst());
  }

  @Override
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    return render(messages, addGenerationPrompt, Map.of());
  }

  @Override
  public String render(
      List<Message> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
    String source =
        chat()
            .template(variables)
            .orElseThrow(
                () ->
                    new UnsupportedCapabilityException(
                        "%s: the model brings no chat template: no chat_template.jinja beside it, no chat_template in tokenizer_config.json or in the GGUF file"
                            .formatted(file)));
    Map<String, Object> read = new LinkedHashMap<>(variables);
    read.remove(ChatFiles.TEMPLATE);
    return WellFormed.of(template(source).render(messages, addGenerationPrompt, read));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
