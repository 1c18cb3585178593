package dev.sonde.answers;

import java.util.Optional;

/**
 * The whole text, letter by letter, but for white space at its ends and how much stands between.
 */
record ExactParser() implements AnswerParser {
  @Override
  public Optional<Answer> parse(String text) {
    String words = text.strip().replaceAll("[\\p{Z}\\s]+", " ");
    return words.isEmpty() ? Optional.empty() : Optional.of(new Answer.Phrase(words));
  }
}
