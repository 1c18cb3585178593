package dev.sonde.traps;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Whether activations tell more than what needs no trained model. */
final class TextKinds {
  private static final String RIVALS = "more_than_rivals";
  private static final String SAME = "the label is in the activations, ";

  private TextKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>(rivals());
    kinds.addAll(moreThanRivals());
    return kinds;
  }

  /** Rows with a strong effect of the label, whatever tells it beside the activations. */
  private record Told(RandomGenerator random, int[] groups, double[] labels, PlantedRows rows) {
    static Told of(RandomGenerator random, double shift) {
      int[] groups = Made.groups(90, 1);
      double[] labels = Made.ofGroups(random, groups, 0.5);
      return new Told(
          random,
          groups,
          labels,
          new PlantedRows(random, groups, labels)
              .speaking()
              .noise()
              .plant(1, Made.times(shift, labels)));
    }

    boolean positive(int row) {
      return labels[row] > 0;
    }

    /** A sentence of each row, drawn once. */
    String[] sentences(int fewest, int most) {
      return IntStream.range(0, labels.length)
          .mapToObj(row -> PlantedRows.sentence(random, random.nextInt(fewest, most + 1)))
          .toArray(String[]::new);
    }
  }

  private interface Telling {
    PlantedRows of(Told told);
  }

  private static Kind lexical(String name, String planted, Telling telling) {
    return Kind.trap(
        name, RIVALS, SAME + planted, random -> telling.of(Told.of(random, 3)).answer(RIVALS));
  }

  private static List<Kind> rivals() {
    return List.of(
        lexical(
            "words-tell",
            "and in a word",
            told -> {
              String[] texts = told.sentences(2, 5);
              return told.rows().texts(row -> texts[row] + (told.positive(row) ? " sum" : " fact"));
            }),
        lexical(
            "a-pair-of-words-tells",
            "and in two words that follow each other",
            told -> {
              String[] texts = told.sentences(2, 5);
              return told.rows()
                  .texts(row -> texts[row] + (told.positive(row) ? " to be not" : " not to be"));
            }),
        lexical(
            "characters-tell",
            "and in the ending of many words",
            told -> {
              String[] texts = told.sentences(2, 5);
              return told.rows()
                  .texts(row -> texts[row].replace("en", told.positive(row) ? "ing" : "ed"));
            }),
        lexical(
            "length-tells",
            "and in the length of the text",
            told -> {
              String[] brief = told.sentences(2, 5);
              String[] more = told.sentences(6, 9);
              return told.rows()
                  .texts(row -> told.positive(row) ? brief[row] + " " + more[row] : brief[row]);
            }),
        lexical(
            "digits-tell",
            "and in how many digits there are",
            told -> {
              String[] texts = told.sentences(2, 5);
              RandomGenerator random = told.random();
              long[] numbers =
                  IntStream.range(0, texts.length)
                      .mapToLong(
                          row ->
                              told.positive(row)
                                  ? random.nextLong(100_000, 1_000_000)
                                  : random.nextLong(1, 100))
                      .toArray();
              return told.rows().texts(row -> texts[row] + " " + numbers[row]);
            }),
        lexical(
            "last-word-tells",
            "and in the last word, which stands elsewhere in the others",
            told -> {
              String[] texts = told.sentences(2, 5);
              return told.rows()
                  .texts(
                      row ->
                          told.positive(row)
                              ? "why " + texts[row] + " how"
                              : "how " + texts[row] + " why");
            }),
        lexical(
            "embedding-tells",
            "and in the embedding of the read token",
            told -> told.rows().inEmbedding(Made.times(3, told.labels()))),
        lexical(
            "embedding-mean-tells",
            "and in the mean embedding",
            told -> told.rows().inMeanEmbedding(Made.times(3, told.labels()))),
        lexical(
            "fresh-weights-tell",
            "and in a model with fresh weights",
            told -> told.rows().inFreshWeights(Made.times(3, told.labels()))),
        lexical(
            "words-tell-all",
            "perfectly, and in a word as perfectly",
            told -> {
              String[] texts = told.sentences(2, 5);
              return told.rows()
                  .plant(1, Made.times(30, told.labels()))
                  .texts(row -> texts[row] + (told.positive(row) ? " sum" : " fact"));
            }),
        Kind.trap(
            "noise-beside-words",
            RIVALS,
            "noise in activations, a word that tells the label",
            random -> {
              Told told = Told.of(random, 0);
              String[] texts = told.sentences(2, 5);
              return told.rows()
                  .texts(row -> texts[row] + (told.positive(row) ? " sum" : " fact"))
                  .answer(RIVALS);
            }),
        Kind.trap(
            "noise-beside-noise",
            RIVALS,
            "noise in activations, texts and embeddings",
            random -> Told.of(random, 0).rows().answer(RIVALS)));
  }

  private static List<Kind> moreThanRivals() {
    return List.of(
        Kind.effect(
            "more-than-silent-texts",
            RIVALS,
            SAME + "and nowhere else",
            random -> Told.of(random, 3).rows().answer(RIVALS)),
        Kind.effect(
            "more-than-half-the-words",
            RIVALS,
            SAME + "and in a word of one in four rows",
            random -> {
              Told told = Told.of(random, 3.5);
              String[] texts = told.sentences(2, 5);
              boolean[] said = new boolean[texts.length];
              for (int row = 0; row < said.length; row++) {
                said[row] = random.nextInt(4) == 0;
              }
              return told.rows()
                  .texts(
                      row ->
                          said[row]
                              ? texts[row] + (told.positive(row) ? " sum" : " fact")
                              : texts[row])
                  .answer(RIVALS);
            }),
        Kind.effect(
            "more-than-embeddings",
            RIVALS,
            SAME + "weakly in both embeddings",
            random -> {
              Told told = Told.of(random, 3.5);
              return told.rows()
                  .inEmbedding(Made.times(0.8, told.labels()))
                  .inMeanEmbedding(Made.times(0.8, told.labels()))
                  .answer(RIVALS);
            }),
        Kind.effect(
            "more-than-fresh-weights",
            RIVALS,
            SAME + "weakly in a model with fresh weights",
            random -> {
              Told told = Told.of(random, 3.5);
              return told.rows().inFreshWeights(Made.times(0.8, told.labels())).answer(RIVALS);
            }),
        Kind.effect(
            "more-than-length",
            RIVALS,
            SAME + "and lengths that go with it a little",
            random -> {
              Told told = Told.of(random, 3.5);
              String[] brief = told.sentences(2, 8);
              String[] more = told.sentences(1, 2);
              return told.rows()
                  .texts(row -> told.positive(row) ? brief[row] + " " + more[row] : brief[row])
                  .answer(RIVALS);
            }));
  }
}
