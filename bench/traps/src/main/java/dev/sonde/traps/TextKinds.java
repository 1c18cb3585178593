package dev.sonde.traps;

import dev.sonde.api.report.Claim.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Whether activations tell more than what needs no trained model, and than named confounds. */
final class TextKinds {
  private static final String RIVALS = "more_than_rivals";
  private static final String CONFOUNDS = "beside_confounds";
  private static final String SAME = "the label is in the activations, ";

  private TextKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>(rivals());
    kinds.addAll(moreThanRivals());
    kinds.addAll(confounds());
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

  /** Labels with a confound, a number, that goes with them. */
  private record Confounded(
      RandomGenerator random, int[] groups, double[] labels, double[] confound) {
    /**
     * A confound that lies so far apart between the labels, in standard deviations.
     *
     * @param skewed whether few rows have most of it
     */
    static Confounded of(RandomGenerator random, double apart, boolean skewed) {
      int[] groups = Made.groups(100, 1);
      double[] labels = Made.ofGroups(random, groups, 0.5);
      double[] confound = Made.sum(apart, labels, 1, Made.gaussians(random, labels.length));
      if (skewed) {
        for (int row = 0; row < confound.length; row++) {
          confound[row] = Math.exp(1.5 * confound[row]);
        }
      }
      return new Confounded(random, groups, labels, confound);
    }

    PlantedRows rows() {
      return new PlantedRows(random, groups, labels).noise().confound("difficulty", confound);
    }
  }

  private static Kind confounded(String name, String planted, String claim, Kind.Draw draw) {
    return Kind.trap(name, claim, planted, draw);
  }

  private static List<Kind> confounds() {
    return List.of(
        Kind.only(
            Answer.CANNOT_BE_TOLD,
            "confound-is-label",
            CONFOUNDS,
            "activations hold a confound that is the label",
            random -> {
              int[] groups = Made.groups(90, 1);
              double[] labels = Made.ofGroups(random, groups, 0.5);
              return new PlantedRows(random, groups, labels)
                  .noise()
                  .plant(1, Made.times(4, labels))
                  .confound("language", labels)
                  .answer(CONFOUNDS);
            }),
        confounded(
            "confound-only",
            "activations hold a confound that goes with the label, and no more",
            CONFOUNDS,
            random -> {
              Confounded made = Confounded.of(random, 1.5, false);
              return made.rows().plant(1, Made.times(1.5, made.confound())).answer(CONFOUNDS);
            }),
        confounded(
            "confound-only-rivals",
            "activations hold a confound that goes with the label, and no more",
            RIVALS,
            random -> {
              Confounded made = Confounded.of(random, 1.5, false);
              return made.rows()
                  .speaking()
                  .plant(1, Made.times(1.5, made.confound()))
                  .answer(RIVALS);
            }),
        confounded(
            "confound-threshold",
            "activations hold whether a confound is high",
            CONFOUNDS,
            random -> {
              Confounded made = Confounded.of(random, 1.5, false);
              double[] high = new double[made.labels().length];
              for (int row = 0; row < high.length; row++) {
                high[row] = made.confound()[row] > 0.75 ? 3 : 0;
              }
              return made.rows().plant(1, high).answer(CONFOUNDS);
            }),
        confounded(
            "confound-noise",
            "noise in activations, a confound that goes with the label",
            CONFOUNDS,
            random -> Confounded.of(random, 1.5, false).rows().answer(CONFOUNDS)),
        confounded(
            "confound-skewed",
            "noise in activations, a skewed confound that all but is the label",
            CONFOUNDS,
            random -> Confounded.of(random, 2.5, true).rows().answer(CONFOUNDS)),
        confounded(
            "confound-bent",
            "activations hold the square of a confound",
            CONFOUNDS,
            random -> {
              Confounded made = Confounded.of(random, 1.5, false);
              double[] square = new double[made.labels().length];
              for (int row = 0; row < square.length; row++) {
                square[row] = made.confound()[row] * Math.abs(made.confound()[row]);
              }
              return made.rows().plant(1, square).answer(CONFOUNDS);
            }),
        Kind.effect(
            "effect-beside-confound",
            CONFOUNDS,
            "activations hold the label and a confound that goes with it",
            random -> {
              Confounded made = Confounded.of(random, 1, false);
              return made.rows()
                  .plant(1, made.confound())
                  .plant(1, Made.times(3, made.labels()))
                  .answer(CONFOUNDS);
            }),
        Kind.effect(
            "effect-beside-free-confound",
            CONFOUNDS,
            "activations hold the label, beside a confound that does not go with it",
            random -> {
              Confounded made = Confounded.of(random, 0, false);
              return made.rows().plant(1, Made.times(2.5, made.labels())).answer(CONFOUNDS);
            }),
        Kind.effect(
            "effect-more-than-confound",
            RIVALS,
            "activations hold the label, a confound goes with it a little",
            random -> {
              Confounded made = Confounded.of(random, 0.5, false);
              return made.rows().speaking().plant(1, Made.times(3.5, made.labels())).answer(RIVALS);
            }));
  }
}
