package dev.sonde.answers;

import java.util.Locale;
import java.util.Optional;

/** Words: right where an accepted name is a part of them, as PopQA is scored. */
record AliasParser() implements AnswerParser {
  @Override
  public Optional<Answer> parse(String text) {
    String words =
        text.toLowerCase(Locale.ROOT)
            .replaceAll("[\\p{Z}\\s]+", " ")
            .replaceAll("^[\\p{P}\\s]+|[\\p{P}\\s]+$", "");
    return words.isEmpty() ? Optional.empty() : Optional.of(new Answer.Phrase(words));
  }

  @Override
  public boolean equal(Answer given, Answer accepted) {
    return given.toString().contains(accepted.toString());
  }
}
