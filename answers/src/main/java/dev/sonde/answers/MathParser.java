package dev.sonde.answers;

import java.util.Optional;

/** A mathematical answer: in a box, else announced, else the text as a whole. */
record MathParser() implements AnswerParser {
  @Override
  public Optional<Answer> parse(String text) {
    return Places.boxed(text)
        .or(() -> Places.announced(text))
        .or(() -> Optional.of(text))
        .flatMap(Notation::read);
  }

  @Override
  public Optional<Answer> read(String answer) {
    return Notation.read(Places.boxed(answer).orElse(answer));
  }
}
