package dev.sonde.probe.stepimportance.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.data.Example;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StepTextsTest {
  private final StepTexts texts = new StepTexts("steps", "chain", " ", Segmentation.named("lines"));

  /** A row of lists. */
  private record Row(Map<String, List<String>> values) implements Example {
    @Override
    public String id() {
      return "id";
    }

    @Override
    public String text() {
      return "Q:";
    }

    @Override
    public boolean has(String column) {
      return values.containsKey(column);
    }

    @Override
    public Set<String> columns() {
      return values.keySet();
    }

    @Override
    public String text(String column) {
      return texts(column).getFirst();
    }

    @Override
    public Optional<Double> number(String column) {
      return Optional.empty();
    }

    @Override
    public List<String> texts(String column) {
      return values.getOrDefault(column, List.of());
    }
  }

  @Test
  void aListOfStepsIsSeparatedUnlessThePromptEndsInWhiteSpace() {
    Row row = new Row(Map.of("steps", List.of("one", "two")));

    assertThat(steps(row, "Q:")).containsExactly(" one", " two");
    assertThat(steps(row, "Q:\n")).containsExactly("one", " two");
  }

  @Test
  void aListOfStepsGoesBeforeATextAndWithoutEitherNothingIsGiven() {
    Row both = new Row(Map.of("steps", List.of("one", "two"), "chain", List.of("a\nb")));
    Row text = new Row(Map.of("chain", List.of("a\nb")));

    assertThat(steps(both, "Q:")).containsExactly(" one", " two");
    assertThat(steps(text, "Q:")).containsExactly("a\n", "b");
    assertThat(texts.of(new Row(Map.of()), "Q:")).isEmpty();
  }

  @Test
  void tagsOfAThoughtAreNoStepsAndTheChainEndsWhereItIsClosed() {
    Row text = new Row(Map.of("chain", List.of("<think>\na\nb\n</think>\n\nThe answer is 5.")));
    Row list =
        new Row(Map.of("steps", List.of("<think>", "a", "b </think> c", "The answer is 5.")));

    Thought read = texts.of(text, "Q:").orElseThrow().value().orElseThrow();
    assertThat(read.opening()).isEqualTo("<think>\n");
    assertThat(read.steps()).containsExactly("a\n", "b\n");
    assertThat(steps(list, "Q:")).containsExactly(" a", " b ");
  }

  @Test
  void aRowThatCannotBeUsedSaysWhy() {
    assertThat(reason(Map.of("steps", List.of("one\ntwo")))).contains(SkipReason.TEXT_FOR_LIST);
    assertThat(reason(Map.of("steps", List.of("one")))).contains(SkipReason.ONE_STEP);
    assertThat(reason(Map.of("chain", List.of("one")))).contains(SkipReason.ONE_STEP);
    assertThat(reason(Map.of("chain", List.of(" \n")))).contains(SkipReason.EMPTY);
    assertThat(reason(Map.of("steps", List.of()))).contains(SkipReason.EMPTY);
  }

  private Optional<SkipReason> reason(Map<String, List<String>> row) {
    return texts.of(new Row(row), "Q:").orElseThrow().reason();
  }

  private List<String> steps(Row row, String prompt) {
    return texts.of(row, prompt).orElseThrow().value().orElseThrow().steps();
  }
}
