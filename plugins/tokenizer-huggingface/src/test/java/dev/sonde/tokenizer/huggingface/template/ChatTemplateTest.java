package dev.sonde.tokenizer.huggingface.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.ToNumberPolicy;
import com.google.gson.reflect.TypeToken;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.text.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against chat.json, which transformers wrote; see make_chat_fixtures.py. */
class ChatTemplateTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/dev/sonde/tokenizer/huggingface/chat");
  private static final Gson GSON =
      new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();
  private static final TypeToken<List<Map<String, Object>>> MESSAGES = new TypeToken<>() {};

  private final JsonObject fixtures = JsonParser.parseString(read("chat.json")).getAsJsonObject();
  private final Map<String, ChatTemplate> templates = new HashMap<>();

  @TestFactory
  Stream<DynamicTest> conversationsAreRenderedAsTransformersRendersThem() {
    return fixtures.getAsJsonArray("cases").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(each -> DynamicTest.dynamicTest(name(each), () -> check(each)));
  }

  @TestFactory
  Stream<DynamicTest> theLanguageMeansWhatItMeansToTransformers() {
    return fixtures.getAsJsonArray("snippets").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.get("source").getAsString(),
                    () -> {
                      Supplier<String> rendered =
                          () ->
                              template(each.get("source").getAsString())
                                  .render(messages("answered"), true, Map.of());
                      if (each.has("text")) {
                        assertThat(rendered.get()).isEqualTo(each.get("text").getAsString());
                      } else {
                        assertThatThrownBy(rendered::get).isInstanceOf(InvalidInputException.class);
                      }
                    }));
  }

  @ParameterizedTest
  @MethodSource("unsupported")
  void whatIsNotSupportedIsRefused(String source) {
    assertThatThrownBy(
            () -> template(source).render(List.of(Message.of("user", "a")), true, Map.of()))
        .isInstanceOf(InvalidInputException.class);
  }

  static Stream<String> unsupported() {
    return read("unsupported.txt").lines();
  }

  @Test
  void whatATemplateRaisesIsWhatTheUserReads() {
    ChatTemplate template = template("{{ raise_exception('no system messages, please') }}");
    assertThatThrownBy(() -> template.render(List.of(Message.of("system", "a")), true, Map.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("the chat template says: no system messages, please");
  }

  @Test
  void aConversationIsNoTemplate() {
    String evil = "{{ bos_token }}{% for i in range(9) %}x{% endfor %}{# note #}";
    assertThat(
            template("{{ messages[0].content }}")
                .render(List.of(Message.of("user", evil)), true, Map.of()))
        .isEqualTo(evil);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.getClass() }}",
        "{{ ''.class.forName('java.lang.Runtime') }}",
        "{{ messages.getClass().getClassLoader() }}",
        "{{ messages[0].entrySet() }}",
        "{{ ''['class'].name }}",
        "{{ loop.getClass() }}{% for i in [1] %}{{ loop.getClass() }}{% endfor %}",
        "{{ raise_exception.call('x') }}",
        "{{ ____int3rpr3t3r____.getContext() }}",
        "{{ ('a'|attr('class')).x }}",
        "{{ 'a'|attr('getClass')() }}",
        "{% include '/etc/hostname' %}",
        "{% import '/etc/hostname' as x %}",
        "{% from '/etc/hostname' import x %}",
        "{% extends '/etc/hostname' %}"
      })
  void noTemplateReachesJavaOrFiles(String source) {
    assertThatThrownBy(
            () -> template(source).render(List.of(Message.of("user", "a")), true, Map.of()))
        .isInstanceOf(InvalidInputException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(x='aaaaaaaa') %}{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{{ 'a' * 999999999 }}",
        "{{ ('a' * 999999).replace('a', 'a' * 999999) }}",
        "{{ ['a' * 999999] | join('') }}{% for a in range(99999) %}{{ 'a' * 9999 }}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f() %}{{ g() }}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ range(99999999) }}",
        "{{ 'a' | indent(999999999, true) }}"
      })
  void noTemplateRunsForeverOrFillsTheMemory(String source) {
    assertThatThrownBy(
            () -> template(source).render(List.of(Message.of("user", "a")), true, Map.of()))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void deepNestingIsRefused() {
    int depth = 100_000;
    String parentheses = "{{ " + "(".repeat(depth) + "1" + ")".repeat(depth) + " }}";
    String conditions = "{% if 1 %}".repeat(depth) + "{% endif %}".repeat(depth);
    for (String source : List.of(parentheses, conditions)) {
      assertThatThrownBy(
              () -> template(source).render(List.of(Message.of("user", "a")), true, Map.of()))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void severalThreadsMayRender() {
    ChatTemplate template = template(read("qwen.jinja"));
    String once = template.render(messages("long"), true, Map.of());
    assertThat(
            IntStream.range(0, 50)
                .parallel()
                .mapToObj(i -> template.render(messages("long"), true, Map.of()))
                .distinct())
        .containsExactly(once);
  }

  private static String name(JsonObject each) {
    return "%s, %s, prompt %s"
        .formatted(
            each.get("template").getAsString(),
            each.get("conversation").getAsString(),
            each.get("prompt"));
  }

  private void check(JsonObject each) {
    ChatTemplate template =
        templates.computeIfAbsent(
            each.get("template").getAsString(), name -> template(read(name + ".jinja")));
    List<Message> messages = messages(each.get("conversation").getAsString());
    boolean prompt = each.get("prompt").getAsBoolean();
    if (each.has("text")) {
      assertThat(template.render(messages, prompt, Map.of()))
          .isEqualTo(each.get("text").getAsString());
    } else {
      assertThatThrownBy(() -> template.render(messages, prompt, Map.of()))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  private ChatTemplate template(String source) {
    Map<String, String> tokens = new HashMap<>();
    fixtures.getAsJsonObject("tokens").asMap().forEach((k, v) -> tokens.put(k, v.getAsString()));
    LocalDateTime now = LocalDateTime.parse(fixtures.get("now").getAsString());
    Clock clock = Clock.fixed(now.toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    return ChatTemplate.of(source, tokens, clock);
  }

  private List<Message> messages(String conversation) {
    JsonElement messages = fixtures.getAsJsonObject("conversations").get(conversation);
    return GSON.fromJson(messages, MESSAGES).stream().map(Message::new).toList();
  }

  private static String read(String name) {
    try {
      return Files.readString(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
