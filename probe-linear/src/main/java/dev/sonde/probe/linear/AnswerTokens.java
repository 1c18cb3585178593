package dev.sonde.probe.linear;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.trials.PromptTokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Prompts with the tokens whose log-probability is followed: of each row its own first answer
 * token, and behind it those of the other rows where these are few.
 *
 * @param prompts token ids by row of the study
 * @param answers token ids by row, its own first
 * @param declared whether the rows name their answers
 */
record AnswerTokens(Map<Integer, int[]> prompts, Map<Integer, int[]> answers, boolean declared) {
  /** Most different answers that a row is offered: options of multiple choice go to P. */
  private static final int MOST_ANSWERS = 16;

  /**
   * The tokens of some rows.
   *
   * @throws dev.sonde.api.InvalidInputException if some rows name an answer and others do not, or
   *     an answer has no token
   */
  static AnswerTokens of(Model model, Study study, int[] rows, String column) {
    Tokenizer tokenizer = model.tokenizer();
    Map<Integer, int[]> prompts = new LinkedHashMap<>();
    for (int row : rows) {
      prompts.put(row, prompt(tokenizer, study.examples().get(row)));
    }
    boolean declared = study.examples().stream().anyMatch(example -> example.has(column));
    Map<Integer, Integer> own =
        declared ? named(tokenizer, study, prompts, column) : greedy(model, prompts);
    int[] all = own.values().stream().distinct().mapToInt(Integer::intValue).toArray();
    Map<Integer, int[]> answers = new LinkedHashMap<>();
    own.forEach(
        (row, token) ->
            answers.put(
                row,
                all.length > MOST_ANSWERS
                    ? new int[] {token}
                    : IntStream.concat(
                            IntStream.of(token), IntStream.of(all).filter(t -> t != token))
                        .toArray()));
    return new AnswerTokens(prompts, answers, declared);
  }

  /** The tokens of a prompt as the model is fed it. */
  static int[] prompt(Tokenizer tokenizer, Example example) {
    return PromptTokens.of(tokenizer, example).tokens();
  }

  /** Whether rows can be offered other answers than their own. */
  boolean compared() {
    return answers.values().stream().allMatch(tokens -> tokens.length > 1);
  }

  /** A row's prompt, its answers asked for behind it. */
  Sequence sequence(int row) {
    int[] prompt = prompts.getOrDefault(row, new int[0]);
    return Sequence.of(prompt)
        .targets(
            IntStream.of(answers.getOrDefault(row, new int[0]))
                .mapToObj(token -> new Sequence.Target(prompt.length, token))
                .toList());
  }

  private static Map<Integer, Integer> named(
      Tokenizer tokenizer, Study study, Map<Integer, int[]> prompts, String column) {
    Map<Integer, Integer> own = new LinkedHashMap<>();
    prompts.forEach(
        (row, prompt) -> {
          Example example = study.examples().get(row);
          own.put(row, new PromptTokens(tokenizer, example, prompt).firstOf(example.text(column)));
        });
    return own;
  }

  private static Map<Integer, Integer> greedy(Model model, Map<Integer, int[]> prompts) {
    List<Integer> rows = List.copyOf(prompts.keySet());
    List<Sequence> sequences =
        prompts.values().stream().map(p -> Sequence.of(p).maxNewTokens(1)).toList();
    Map<Integer, Integer> own = new LinkedHashMap<>();
    rows.forEach(row -> own.put(row, 0));
    model
        .generate(GenerateRequest.greedy(sequences))
        .forEach(each -> own.put(rows.get(each.sequence()), each.tokens()[0]));
    return own;
  }
}
