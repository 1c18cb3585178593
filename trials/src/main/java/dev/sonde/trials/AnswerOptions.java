package dev.sonde.trials;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A question with some options: the one whose tokens are the most probable, each token counting the
 * same, is the model's answer.
 *
 * @param texts of the options, which follow the prompt verbatim
 * @param right which of them is right
 */
public record AnswerOptions(List<String> texts, int right) {
  /** Options with their list copied. */
  public AnswerOptions {
    texts = List.copyOf(texts);
  }

  /**
   * The options of a row.
   *
   * @param column the list of options
   * @param answer the column with the right one, as it stands in the list, or its letter
   * @throws InvalidInputException if there are none, or none of them is right
   */
  public static AnswerOptions of(Example example, String column, String answer) {
    List<String> texts = example.has(column) ? example.texts(column) : List.of();
    if (texts.size() < 2) {
      throw new InvalidInputException(
          "row '%s': needs a column '%s' with a list of options".formatted(example.id(), column));
    }
    String accepted = example.text(answer).strip();
    int named = texts.stream().map(String::strip).toList().indexOf(accepted);
    String letter = accepted.toUpperCase(Locale.ROOT);
    int lettered = letter.length() == 1 ? letter.charAt(0) - 'A' : -1;
    int right = named >= 0 ? named : lettered;
    if (right < 0 || right >= texts.size()) {
      throw new InvalidInputException(
          "row '%s': the answer '%s' is none of the options".formatted(example.id(), accepted));
    }
    return new AnswerOptions(texts, right);
  }

  /** A sequence per option, its tokens behind the prompt scored. */
  public List<Sequence> sequences(Tokenizer tokenizer, Example example) {
    PromptTokens prompt = PromptTokens.of(tokenizer, example);
    return texts.stream()
        .map(prompt::with)
        .map(both -> Sequence.of(both.tokens()).scoreFrom(both.from()))
        .toList();
  }

  /** The mean log-probability a token of an option, in nats. */
  public static double mean(double... logProbabilities) {
    return Arrays.stream(logProbabilities).average().orElse(Double.NEGATIVE_INFINITY);
  }

  /**
   * The option that a model takes, the first where several are as probable.
   *
   * @param scores per option the log-probabilities of its tokens
   */
  public static int chosen(List<double[]> scores) {
    int best = 0;
    for (int option = 1; option < scores.size(); option++) {
      if (mean(scores.get(option)) > mean(scores.get(best))) {
        best = option;
      }
    }
    return best;
  }
}
