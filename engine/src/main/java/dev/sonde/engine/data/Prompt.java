package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.text.Message;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.formats.WellFormed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How what is fed comes out of a row. */
sealed interface Prompt {
  /** Where {@code data:} says so. */
  static Prompt of(ConfigView data) {
    if (data.has("messages")) {
      return new Conversation(
          data.string("messages"),
          data.flag("generation_prompt"),
          data.plain("chat_template_kwargs"));
    }
    if (data.has("chat_template_kwargs")) {
      throw data.error("chat_template_kwargs", "is for 'messages': no chat template is used here");
    }
    return data.has("template") ? Template.of(data) : new Column(data.string("text"));
  }

  /** Checks a row as far as that needs no model. */
  Fed read(Columns row);

  /** What is fed of one row. */
  sealed interface Fed {
    /** The example of the row; conversations become texts. */
    RowExample example(Columns row, String id, Chat chat);
  }

  /** A text as it stands. */
  record Text(String text) implements Fed {
    @Override
    public RowExample example(Columns row, String id, Chat chat) {
      return new RowExample(row, id, text, true);
    }
  }

  /** A conversation, for the model's chat template, which writes the special tokens itself. */
  record Messages(List<Message> messages, boolean generationPrompt, Map<String, Object> variables)
      implements Fed {
    @Override
    public RowExample example(Columns row, String id, Chat chat) {
      try {
        return new RowExample(row, id, chat.render(messages, generationPrompt, variables), false);
      } catch (UnsupportedCapabilityException e) {
        throw e;
      } catch (InvalidInputException e) {
        throw row.problem(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Where the turns of the model stand in the text of a conversation. */
  static List<Range> assistant(Columns row, Messages fed, String whole, Chat chat) {
    List<Range> ranges = new ArrayList<>();
    List<Message> messages = fed.messages();
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).role().equals("assistant")) {
        String before = chat.render(messages.subList(0, i), true, fed.variables());
        String after = chat.render(messages.subList(0, i + 1), false, fed.variables());
        if (!whole.startsWith(before) || !whole.startsWith(after)) {
          throw row.problem(
              "message %d: this chat template writes the beginning of a conversation otherwise than by itself, so that the turns of the model cannot be told in it"
                  .formatted(i + 1));
        }
        ranges.add(new Range(before.length(), after.length()));
      }
    }
    return ranges;
  }

  /**
   * Characters of a text.
   *
   * @param from the first, in UTF-16 units
   * @param to after the last
   */
  record Range(int from, int to) {}

  private static Text text(Columns row, String text) {
    if (text.isEmpty()) {
      throw row.problem("the text is empty");
    }
    return new Text(text);
  }

  /** One column, verbatim. */
  record Column(String name) implements Prompt {
    @Override
    public Fed read(Columns row) {
      return text(row, row.text(name));
    }
  }

  /** A text with columns in braces; two braces stand for one. */
  record Template(String template) implements Prompt {
    private static final Pattern BRACES = Pattern.compile("\\{\\{|}}|\\{(?<column>[^{}]+)}|[{}]");

    static Template of(ConfigView data) {
      String template = data.string("template");
      Matcher braces = BRACES.matcher(template);
      while (braces.find()) {
        if (braces.group().length() == 1) {
          throw data.error(
              "template",
              "'%s' at character %d stands alone; write '%s' for the brace itself"
                  .formatted(braces.group(), braces.start() + 1, braces.group().repeat(2)));
        }
      }
      return new Template(WellFormed.of(template));
    }

    @Override
    public Fed read(Columns row) {
      return text(
          row,
          BRACES
              .matcher(template)
              .replaceAll(
                  braces ->
                      Matcher.quoteReplacement(
                          braces.group("column") == null
                              ? braces.group().substring(1)
                              : row.text(braces.group("column")))));
    }
  }

  /** A column with a list of messages. */
  record Conversation(String column, boolean generationPrompt, Map<String, Object> variables)
      implements Prompt {
    /** Types of parts of a message that are no text. */
    private static final Pattern MEDIUM =
        Pattern.compile("(?:input_)?(?:image|video|audio)(?:_url)?");

    @Override
    public Fed read(Columns row) {
      List<Message> messages = new ArrayList<>();
      for (Object item : row.list(column)) {
        messages.add(message(row, messages.size() + 1, item));
      }
      if (messages.isEmpty()) {
        throw row.problem("column '" + column + "' has no messages");
      }
      return new Messages(List.copyOf(messages), generationPrompt, variables);
    }

    private Message message(Columns row, int number, Object item) {
      if (item instanceof Map<?, ?> map && map.get("role") instanceof String) {
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((key, value) -> fields.put(String.valueOf(key), value));
        refuseMedia(row, number, map.get("content"));
        return new Message(fields);
      }
      throw row.problem(
          "column '%s': message %d is not an object with a role".formatted(column, number));
    }

    private void refuseMedia(Columns row, int number, @Nullable Object content) {
      if (content instanceof List<?> parts) {
        for (Object part : parts) {
          if (part instanceof Map<?, ?> map
              && map.get("type") instanceof String type
              && MEDIUM.matcher(type).matches()) {
            throw row.problem(
                "column '%s': message %d has a part of type '%s', and only texts are read"
                    .formatted(column, number, type));
          }
        }
      }
    }
  }
}
