package dev.sonde.probe.influence.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Study;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TextReadingTest {
  private static final int CONTEXT = 8;
  private static final int END = 99;

  @Test
  void aCompletionIsWhatIsPredictedAndFollowsThePromptAsItStands() {
    TokenizedText query =
        reading(List.of()).queries(study(row("q", "a b :", "completion", " c d"))).getFirst();
    assertThat(query.text()).isEqualTo("a b : c d");
    assertThat(query.lossFrom()).isEqualTo(3);
    assertThat(query.targets()).hasSize(2);
    TokenizedText seamless =
        reading(List.of())
            .queries(study(row("q", "\u554f \uff1a", "completion", "\u7b54")))
            .getFirst();
    assertThat(seamless.text()).isEqualTo("\u554f \uff1a\u7b54");
  }

  @Test
  void anEmojiIsOneCharacter() {
    TextSources sources =
        new TextSources("documents", "queries", "completion", List.of(), Optional.of("at"), false);
    String text =
        "\ud83d\ude42\ud83d\ude42 b c"; // 6 code points, the third of them the first space
    TokenizedText document =
        new TextReading(new Words(), sources)
            .documents(study(row("d", text, "at", "4")))
            .getFirst();
    assertThat(document.lossFrom()).isEqualTo(2);
  }

  @Test
  void theLossOfADocumentBeginsAtItsCharacterAndTheEndTokenIsPredicted() {
    TextSources sources =
        new TextSources("documents", "queries", "completion", List.of(), Optional.of("at"), true);
    TokenizedText document =
        new TextReading(new Words(), sources)
            .documents(study(row("d", "a b c", "at", "4")))
            .getFirst();
    assertThat(document.tokens()).hasSize(4).endsWith(END);
    assertThat(document.lossFrom()).isEqualTo(2);
  }

  @Test
  void documentsAreKeptByTheirColumnsAndThoseWithoutATokenToPredictAreLeftOut() {
    TextReading reading = reading(List.of("phase=last"));
    List<TokenizedText> items =
        reading.documents(
            study(
                row("one", "a", "phase", "last"),
                row("two", "a b", "phase", "last"),
                row("none", "a b", "phase", "base"),
                row("long", "a b c d e f g h i j", "phase", "last")));
    assertThat(items).extracting(TokenizedText::id).containsExactly("two", "long");
    assertThat(items.getLast().tokens()).hasSize(CONTEXT);
    assertThat(reading.remarks())
        .hasSize(2)
        .anyMatch(remark -> remark.contains("cut to the 8 tokens"))
        .anyMatch(remark -> remark.contains("left out; 'one' is the first"));
  }

  @Test
  void whatCannotBeReadIsRefusedWithItsPlace() {
    refused("query 'q' has no 'completion'", () -> queries(row("q", "a b")));
    refused("query 'q' has no 'completion'", () -> queries(row("q", "a b", "completion", " ")));
    refused("there is no query", () -> queries());
    refused(
        "query 'q' has 9 tokens", () -> queries(row("q", "a b c d", "completion", " e f g h i")));
    refused("there are 0 rows", () -> reading(List.of()).documents(study()));
    refused(
        "no document has phase=x",
        () -> reading(List.of("phase=x")).documents(study(row("d", "a b", "phase", "y"))));
    refused(
        "no document has a token to predict",
        () -> reading(List.of()).documents(study(row("d", "a"))));
  }

  @Test
  void anOffsetOutsideItsTextOrBetweenCharactersIsRefused() {
    TextSources sources =
        new TextSources("documents", "queries", "completion", List.of(), Optional.of("at"), false);
    for (String at : List.of("-1", "6", "9999999999", "2.5", "NaN")) {
      refused(
          "'d' has at",
          () ->
              new TextReading(new Words(), sources).documents(study(row("d", "a b c", "at", at))));
    }
  }

  @Test
  void aCompletionMayBeHeldAgainstAnother() {
    Row row = new Row("q", "a b", Map.of("completion", List.of(" c"), "against", List.of(" d e")));
    TokenizedText query = reading(List.of()).queries(study(row)).getFirst();
    assertThat(query.text()).isEqualTo("a b c");
    assertThat(query.against().orElseThrow().text()).isEqualTo("a b d e");
    assertThat(query.against().orElseThrow().targets()).hasSize(2);
    refused(
        "query 'q' has no 'against'",
        () ->
            queries(
                new Row("q", "a b", Map.of("completion", List.of(" c"), "against", List.of(" ")))));
  }

  @Test
  void onlyTheMarkedPartOfACompletionIsExplained() {
    TokenizedText step =
        reading(List.of())
            .queries(study(query("a b", " c d e f", "3", "6")))
            .getFirst(); // " c d e f": d and e
    assertThat(step.lossFrom()).isEqualTo(3);
    assertThat(step.lossTo()).isEqualTo(5);
    assertThat(step.targets()).hasSize(2);
    assertThat(step.scored().targets()).hasSize(2);
    assertThat(step.predicted()).isEqualTo(2);
    for (List<String> ends :
        List.of(List.of("3"), List.of("6", "3"), List.of("0", "9"), List.of("-1", "2"))) {
      refused(
          "'q' has the span", () -> queries(query("a b", " c d e f", ends.toArray(String[]::new))));
    }
  }

  private static Row query(String prompt, String completion, String... span) {
    return new Row("q", prompt, Map.of("completion", List.of(completion), "span", List.of(span)));
  }

  private static void queries(Row... rows) {
    reading(List.of()).queries(study(rows));
  }

  private static void refused(String message, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private static TextReading reading(List<String> keep) {
    return new TextReading(
        new Words(),
        new TextSources("documents", "queries", "completion", keep, Optional.empty(), false));
  }

  private static Row row(String id, String text, String... columns) {
    return columns.length == 0
        ? new Row(id, text, Map.of())
        : Row.of(id, text, columns[0], columns[1]);
  }

  private static Study study(Row... rows) {
    return new MadeUpStudy("set", List.of(rows));
  }

  /** A model that is only asked for its tokenizer: a token a word. */
  private static final class Words implements Model, Tokenizer {
    @Override
    public ModelInfo info() {
      return ModelInfo.of("words", "0").endOfSequence(END);
    }

    @Override
    public Capabilities capabilities() {
      return Capabilities.none().longestContext(CONTEXT);
    }

    @Override
    public Tokenizer tokenizer() {
      return this;
    }

    @Override
    public Encoding encode(String text, boolean specialTokens) {
      List<MatchResult> words =
          new ArrayList<>(Pattern.compile("\\S+").matcher(text).results().toList());
      return Encoding.of(
          words.stream().mapToInt(word -> word.group().charAt(0)).toArray(),
          words.stream().mapToInt(MatchResult::start).toArray(),
          words.stream().mapToInt(MatchResult::end).toArray());
    }

    @Override
    public String decode(int[] ids) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String token(int id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ActivationStream forward(ForwardRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public GenerationStream generate(GenerateRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
