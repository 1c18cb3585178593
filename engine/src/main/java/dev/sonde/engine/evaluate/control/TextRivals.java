package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What can be known of rows without the model's computation: their texts, and the embeddings of
 * their tokens.
 *
 * @param words how it is called
 * @param features of all rows, made when they are asked for
 */
record TextRivals(Rival.Words words, Supplier<RivalFeatures> features) {
  /**
   * All of them.
   *
   * @param embedding of the read tokens
   * @param embeddingMean of all tokens
   */
  static List<TextRivals> of(
      List<Example> examples,
      Optional<Matrix> embedding,
      Optional<Matrix> embeddingMean,
      LinearAlgebra algebra) {
    List<String> texts = examples.stream().map(Example::text).toList();
    List<TextRivals> rivals = new ArrayList<>();
    rivals.add(
        new TextRivals(
            words("bag_of_words", "bag of words", "single words and pairs, no model"),
            () -> TextTerms.of(texts, TextFeatures::wordsAndPairs)));
    rivals.add(
        new TextRivals(
            words("characters", "characters", "runs of three characters, no model"),
            () -> TextTerms.of(texts, TextFeatures::characters)));
    rivals.add(
        new TextRivals(
            words("length", "length", "how many characters"),
            () -> Confounds.ofTexts("length", examples).features(algebra)));
    rivals.add(
        new TextRivals(
            words("digits", "digits", "how many digits"),
            () -> Confounds.ofTexts("digits", examples).features(algebra)));
    rivals.add(
        new TextRivals(
            words("first_word", "first word", "the prompt's first word"),
            () -> TextTerms.of(texts, TextFeatures::firstWord)));
    rivals.add(
        new TextRivals(
            words("last_word", "last word", "the prompt's last word"),
            () -> TextTerms.of(texts, TextFeatures::lastWord)));
    embedding
        .map(
            rows ->
                new TextRivals(
                    words("embedding", "embedding", "the read token, before any block"),
                    () -> RivalFeatures.of(rows, algebra)))
        .ifPresent(rivals::add);
    embeddingMean
        .map(
            rows ->
                new TextRivals(
                    words("embedding_mean", "mean embedding", "all tokens, before any block"),
                    () -> RivalFeatures.of(rows, algebra)))
        .ifPresent(rivals::add);
    return rivals;
  }

  static Rival.Words words(String name, String title, String reading) {
    return new Rival.Words(name, title, title, reading);
  }
}
