package dev.sonde.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sonde.api.Resources;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Against added-tokens.json, which transformers wrote; see make_added_tokens_fixtures.py. */
class AddedTokensTest {
  private static final Path RECORDED =
      Path.of("src/test/resources/dev/sonde/tokenizer/huggingface/added-tokens.json");

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> tokensNamedBesideTokenizerJsonAreFoundAsTransformersFindsThem() {
    return cases()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.get("name").getAsString(),
                    () -> {
                      try (Tokenizer tokenizer = open(each)) {
                        for (JsonElement row : each.getAsJsonArray("rows")) {
                          String text = row.getAsJsonObject().get("text").getAsString();
                          assertThat(tokenizer.encode(text, true).ids())
                              .as(text)
                              .containsExactly(
                                  row.getAsJsonObject().getAsJsonArray("ids").asList().stream()
                                      .mapToInt(JsonElement::getAsInt)
                                      .toArray());
                        }
                      }
                    }));
  }

  @Test
  void idsThatThereIsNoRoomForAreANote() throws IOException {
    JsonObject other =
        cases()
            .filter(each -> each.get("name").getAsString().contains("other ids"))
            .findFirst()
            .orElseThrow();
    try (Tokenizer tokenizer = open(other)) {
      assertThat(tokenizer.notes())
          .singleElement()
          .asString()
          .contains("'<|one|>' as 33 (40)", "'<|two|>' as 34 (90)");
    }
  }

  @Test
  void idsOtherThanTheTokenizersOwnAreANote() throws IOException {
    JsonObject files = cases().findFirst().orElseThrow().getAsJsonObject("files").deepCopy();
    JsonObject tokenizer =
        JsonParser.parseString(files.get("tokenizer.json").getAsString()).getAsJsonObject();
    JsonObject token =
        JsonParser.parseString(
                "{'id': 3, 'content': '<|x|>', 'single_word': false, 'lstrip': false, 'rstrip': false, 'normalized': false, 'special': true}"
                    .replace('\'', '"'))
            .getAsJsonObject();
    JsonArray own = new JsonArray();
    own.add(token);
    tokenizer.add("added_tokens", own);
    tokenizer.getAsJsonObject("model").getAsJsonObject("vocab").addProperty("<|x|>", 3);
    JsonObject folderOf = new JsonObject();
    folderOf.addProperty("tokenizer.json", tokenizer.toString());
    folderOf.addProperty(
        "tokenizer_config.json", "{\"added_tokens_decoder\": {\"8\": %s}}".formatted(token));
    JsonObject recorded = new JsonObject();
    recorded.add("files", folderOf);
    try (Tokenizer opened = open(recorded)) {
      assertThat(opened.notes()).singleElement().asString().contains("'<|x|>' as 3 (8)");
    }
  }

  private static Stream<JsonObject> cases() {
    try {
      return JsonParser.parseString(Files.readString(RECORDED))
          .getAsJsonObject()
          .getAsJsonArray("cases")
          .asList()
          .stream()
          .map(JsonElement::getAsJsonObject);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Tokenizer open(JsonObject recorded) throws IOException {
    Path own = Files.createTempDirectory(folder, "case");
    for (var file : recorded.getAsJsonObject("files").entrySet()) {
      Files.writeString(own.resolve(file.getKey()), file.getValue().getAsString());
    }
    return new TokenizerJsonFactory()
        .open(
            TokenizerSource.of(own.resolve("tokenizer.json")),
            Resources.of(Path.of("target", "cache")).threads(2));
  }
}
