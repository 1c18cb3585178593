package dev.sonde.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.model.Sequence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerOptionsTest {
  @Test
  void theRightOptionIsNamedByItsTextOrItsLetter() {
    assertThat(options("Rome", "Oslo", "Rome").right()).isEqualTo(1);
    assertThat(options("b", "Oslo", "Rome").right()).isEqualTo(1);
    assertThatThrownBy(() -> options("Bern", "Oslo", "Rome"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("row '7': the answer 'Bern' is none of the options");
    assertThatThrownBy(() -> options("Oslo", "Oslo"))
        .hasMessage("row '7': needs a column 'choices' with a list of options");
  }

  @Test
  void eachTokenOfAnOptionCountsTheSameAndTheFirstOfEqualsIsTaken() {
    assertThat(AnswerOptions.chosen(List.of(new double[] {-3}, new double[] {-2, -2, -2})))
        .isEqualTo(1);
    assertThat(AnswerOptions.chosen(List.of(new double[] {-2}, new double[] {-2}))).isZero();
  }

  @Test
  void theTokensOfAnOptionAreScoredBehindThePrompt() {
    List<Sequence> sequences =
        options("a", " Oslo", " Rome now").sequences(new Letters(), row("Rome"));
    assertThat(sequences.get(1).length()).isEqualTo("ask".length() + " Rome now".length());
    assertThat(sequences.get(1).targets())
        .hasSize(" Rome now".length())
        .first()
        .isEqualTo(new Sequence.Target(3, ' '));
  }

  @Test
  void anAnswerWithoutATokenIsRefusedByItsRow() {
    PromptTokens prompt = PromptTokens.of(new Letters(), row("Rome"));
    assertThat(prompt.firstOf("yes")).isEqualTo('y');
    assertThat(prompt.with("yes").from()).isEqualTo(3);
    assertThatThrownBy(() -> prompt.with(""))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("row '7': the answer '' has no token");
    assertThatThrownBy(() -> prompt.firstOf("")).hasMessageContaining("has no token");
  }

  private static AnswerOptions options(String answer, String... choices) {
    return AnswerOptions.of(row(answer, choices), "choices", "answer");
  }

  private static Example row(String answer, String... choices) {
    Map<String, List<String>> columns =
        Map.of("answer", List.of(answer), "choices", List.of(choices));
    return new Example() {
      @Override
      public String id() {
        return "7";
      }

      @Override
      public String text() {
        return "ask";
      }

      @Override
      public boolean has(String column) {
        return columns.containsKey(column);
      }

      @Override
      public Set<String> columns() {
        return columns.keySet();
      }

      @Override
      public String text(String column) {
        return columns.getOrDefault(column, List.of()).getFirst();
      }

      @Override
      public Optional<Double> number(String column) {
        return Optional.empty();
      }

      @Override
      public List<String> texts(String column) {
        return columns.getOrDefault(column, List.of());
      }
    };
  }
}
