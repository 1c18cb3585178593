package dev.sonde.tokenizer.huggingface.template;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Against templates that others publish; published_templates.py says how to run it. */
@EnabledIfSystemProperty(named = "sonde.templates", matches = ".+")
class PublishedTemplatesTest {
  private static final Gson GSON =
      new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();
  private static final TypeToken<List<Map<String, Object>>> MESSAGES = new TypeToken<>() {};
  private static final TypeToken<Map<String, Object>> VARIABLES = new TypeToken<>() {};
  private static final TypeToken<Map<String, String>> TOKENS = new TypeToken<>() {};

  @Test
  void everyTemplateThatTransformersRendersGivesTheSameText() throws IOException {
    Path file = Path.of(System.getProperty("sonde.templates"));
    JsonObject all = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    LocalDateTime now = LocalDateTime.parse(all.get("now").getAsString());
    Clock clock = Clock.fixed(now.toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    List<String> wrong = new ArrayList<>();
    int same = 0;
    for (JsonElement each : all.getAsJsonArray("templates")) {
      JsonObject template = each.getAsJsonObject();
      String name = template.get("name").getAsString();
      ChatTemplate read =
          ChatTemplate.of(
              template.get("template").getAsString(),
              GSON.fromJson(all.get("tokens"), TOKENS),
              clock);
      for (JsonElement one : template.getAsJsonArray("cases")) {
        JsonObject wanted = one.getAsJsonObject();
        String got = rendered(read, wanted, all.getAsJsonObject("conversations"));
        boolean right =
            wanted.has("text")
                ? got.equals(wanted.get("text").getAsString())
                : got.startsWith("refused: ");
        same += right ? 1 : 0;
        if (!right) {
          wrong.add(name + ", " + wanted.get("conversation").getAsString() + ": " + got);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(same).isPositive();
  }

  private static String rendered(ChatTemplate template, JsonObject wanted, JsonObject messages) {
    JsonElement conversation = messages.get(wanted.get("conversation").getAsString());
    try {
      return template.render(
          GSON.fromJson(conversation, MESSAGES).stream().map(Message::new).toList(),
          wanted.get("prompt").getAsBoolean(),
          GSON.fromJson(wanted.get("variables"), VARIABLES));
    } catch (InvalidInputException e) {
      return "refused: " + e.getMessage();
    }
  }
}
