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

    assertThat(texts.of(row, "Q:")).contains(List.of(" one", " two"));
    assertThat(texts.of(row, "Q:\n")).contains(List.of("one", " two"));
  }

  @Test
  void aListOfStepsGoesBeforeATextAndWithoutEitherNothingIsGiven() {
    Row both = new Row(Map.of("steps", List.of("one"), "chain", List.of("a\nb")));
    Row text = new Row(Map.of("chain", List.of("a\nb")));

    assertThat(texts.of(both, "Q:")).contains(List.of(" one"));
    assertThat(texts.of(text, "Q:")).contains(List.of("a\n", "b"));
    assertThat(texts.of(new Row(Map.of()), "Q:")).isEmpty();
  }
}
