package dev.sonde.probe.stepimportance.chain;

import dev.sonde.api.data.Example;
import dev.sonde.api.text.Tokenizer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Reads the chains of some rows, or lets the model write them. */
public final class ChainReader {
  private final Tokenizer tokenizer;
  private final Prompts prompts;
  private final StepTexts texts;
  private final ChainWriter writer;

  /**
   * A reader.
   *
   * @param writer writes the chains of rows that bring none
   */
  public ChainReader(Tokenizer tokenizer, Prompts prompts, StepTexts texts, ChainWriter writer) {
    this.tokenizer = tokenizer;
    this.prompts = prompts;
    this.texts = texts;
    this.writer = writer;
  }

  /** A row, before its chain is known. */
  private record Row(Example example, String group, Prompts.Prompt prompt) {}

  /** The chain that a row brings, or why it is left out; empty where the model is to write it. */
  public Optional<OrSkipped<Chain>> given(Example example) {
    Prompts.Prompt prompt = prompts.of(example, tokenizer);
    return texts
        .of(example, prompt.text())
        .map(steps -> steps.flatMap(each -> chain(new Row(example, example.id(), prompt), each)));
  }

  /** How many tokens a row's prompt has. */
  public int promptTokens(Example example) {
    Prompts.Prompt prompt = prompts.of(example, tokenizer);
    return tokenizer.encode(prompt.text(), prompt.specialTokens()).size();
  }

  /**
   * The chains of some rows, or why there is none.
   *
   * @param groups the rows' groups
   * @return one per row
   */
  public List<OrSkipped<Chain>> read(List<Example> examples, List<String> groups) {
    List<Row> rows = new ArrayList<>();
    List<Optional<OrSkipped<Thought>>> given = new ArrayList<>();
    List<Prompts.Prompt> open = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      Example example = examples.get(i);
      Prompts.Prompt prompt = prompts.of(example, tokenizer);
      Optional<OrSkipped<Thought>> steps = texts.of(example, prompt.text());
      rows.add(new Row(example, groups.get(i), prompt));
      given.add(steps);
      if (steps.isEmpty()) {
        open.add(prompt);
      }
    }
    Iterator<OrSkipped<String>> written = writer.write(open).iterator();
    List<OrSkipped<Chain>> chains = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      OrSkipped<Thought> steps = given.get(i).orElseGet(() -> written.next().flatMap(texts::cut));
      chains.add(steps.flatMap(each -> chain(row, each)));
    }
    return chains;
  }

  private OrSkipped<Chain> chain(Row row, Thought thought) {
    Prompts.Prompt prompt = row.prompt();
    return StepTokens.chain(
            tokenizer,
            row.example().id(),
            row.group(),
            prompt.text() + thought.opening(),
            prompt.specialTokens(),
            thought.steps())
        .map(OrSkipped::of)
        .orElseGet(() -> OrSkipped.skipped(SkipReason.STEP_WITHOUT_TOKENS));
  }
}
