package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.loader.ResourceNotFoundException;
import com.hubspot.jinjava.tree.Node;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.text.Message;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model's chat template: the text that {@code apply_chat_template} of Hugging Face's transformers
 * gives for a conversation. Safe for use from several threads.
 */
public final class ChatTemplate {
  /** Jinjava's own tags that Jinja2 does not have, or that read other templates. */
  private static final Set<String> FOREIGN_TAGS =
      Set.of(
          "autoescape",
          "block",
          "cycle",
          "extends",
          "from",
          "ifchanged",
          "import",
          "include",
          "print",
          "unless");

  /** Names under which messages carry reasoning; templates read the first. */
  private static final List<String> REASONING =
      List.of("reasoning_content", "thinking", "reasoning");

  private static final JinjavaConfig CONFIG =
      JinjavaConfig.newBuilder()
          .withNestedInterpretationEnabled(false)
          .withEnableRecursiveMacroCalls(true)
          .withKeepTrailingNewline(true)
          .withMaxOutputSize(Python.LONGEST)
          .withDisabled(Map.of(Context.Library.TAG, FOREIGN_TAGS))
          .withLegacyOverrides(
              LegacyOverrides.newBuilder()
                  .withUseNaturalOperatorPrecedence(true)
                  .withParseWhitespaceControlStrictly(true)
                  .withAllowAdjacentTextNodes(true)
                  .build())
          .build();

  private final String source;
  private final Map<String, String> specialTokens;
  private final Map<String, Callable> globals;
  private final Expressions expressions = new Expressions();
  private final Jinjava jinjava = jinjava();
  private final Node tree;

  private ChatTemplate(String source, Map<String, String> specialTokens, Clock clock) {
    this.source = source;
    this.specialTokens = Map.copyOf(specialTokens);
    this.globals = Globals.of(clock);
    jinjava.setResourceLocator(
        (name, encoding, interpreter) -> {
          throw new ResourceNotFoundException(name);
        });
    jinjava.registerTag(new AssignmentTag());
    jinjava.registerTag(new ConditionTag());
    jinjava.registerTag(new MacroDefinitionTag());
    jinjava.registerTag(new LoopTag());
    jinjava.registerTag(new GenerationTag());
    this.tree = rendering(Map.of()).read(Whitespace.resolved(source, CONFIG));
  }

  /**
   * Reads a template.
   *
   * @param specialTokens {@code bos_token} and others that it may name
   * @param clock tells templates that write the date
   * @throws InvalidInputException if it is malformed
   */
  public static ChatTemplate of(String source, Map<String, String> specialTokens, Clock clock) {
    try {
      return new ChatTemplate(source, specialTokens, clock);
    } catch (InterpretException e) {
      throw new InvalidInputException(
          "the chat template is malformed: %s".formatted(e.getMessage()), e);
    } catch (RuntimeException e) { // whatever else Jinjava makes of a stranger's text
      throw unreadable(e);
    }
  }

  /**
   * Jinjava looks for its own classes through the thread's loader, which may be another plugin's.
   */
  private static Jinjava jinjava() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ChatTemplate.class.getClassLoader());
    try {
      return new Jinjava(CONFIG);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The template as it was read. */
  public String source() {
    return source;
  }

  /**
   * The text of a conversation.
   *
   * @param addGenerationPrompt whether the text ends where the model's answer begins
   * @throws InvalidInputException if the template refuses the conversation, or uses what is not
   *     supported
   */
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    Map<String, Object> variables = new LinkedHashMap<>(specialTokens);
    variables.put("messages", values(messages));
    variables.put("add_generation_prompt", addGenerationPrompt);
    variables.put("tools", None.NONE);
    variables.put("documents", None.NONE);
    try {
      return rendering(variables).text(tree);
    } catch (InterpretException e) {
      throw new InvalidInputException("the chat template says: " + e.getMessage(), e);
    } catch (RuntimeException e) { // as above
      throw unreadable(e);
    } catch (StackOverflowError e) {
      throw new InvalidInputException("the chat template is nested too deeply", e);
    }
  }

  private static InvalidInputException unreadable(RuntimeException e) {
    return new InvalidInputException("Jinjava fails on the chat template: " + e, e);
  }

  private Rendering rendering(Map<String, Object> variables) {
    Context context = new Context(jinjava.getGlobalContextCopy(), variables, CONFIG.getDisabled());
    return new Rendering(jinjava, context, expressions, globals);
  }

  private static List<Object> values(List<Message> messages) {
    List<Object> values = new ArrayList<>();
    messages.forEach(message -> values.add(withReasoning(value(message))));
    return values;
  }

  /** A message without the fields that are null. */
  private static Map<Object, Object> value(Message message) {
    Map<Object, Object> fields = new LinkedHashMap<>();
    message.fields().forEach((name, field) -> fields.put(name, Python.fromJson(field)));
    fields.values().removeIf(value -> value == None.NONE);
    return fields;
  }

  /** Reasoning under the names that transformers gives it. */
  private static Map<Object, Object> withReasoning(Map<Object, Object> message) {
    for (String name : REASONING) {
      Object reasoning = message.get(name);
      if (reasoning != null) {
        Map<Object, Object> named = new LinkedHashMap<>();
        named.put("thinking", reasoning);
        named.putAll(message);
        named.put("reasoning_content", reasoning);
        return named;
      }
    }
    return message;
  }
}
