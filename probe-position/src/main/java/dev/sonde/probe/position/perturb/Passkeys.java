package dev.sonde.probe.position.perturb;

import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.position.read.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A number that a long text states once, asked for at its end and written by the model (Mohtashami
 * and Jaggi 2023): at several depths, under each way to read longer contexts.
 *
 * @param contexts how long texts are read
 * @param model that reads them
 */
record Passkeys(LongContexts contexts, Model model) {
  /** The version of what {@link #found} gives. */
  static final int VERSION = 1;

  /** Where in the text the number stands, as shares of it. */
  static final double[] DEPTHS = {0.1, 0.5, 0.9};

  private static final String ASKED = "\nWhat is the pass key? The pass key is";

  /** What the model may write: five digits, a token each, and a blank before them. */
  private static final int WRITTEN = 8;

  private static final String FOUND = "found";
  private static final String TRIED = "tried";

  /**
   * The conditions that texts are run under: ways that change distances, which backends do not
   * generate with, left out.
   */
  static List<PerturbationCase> conditions(Model model, int trained, int length) {
    return LongContexts.conditions(model, trained, length).stream()
        .filter(condition -> !LongContexts.extension(condition).moves())
        .toList();
  }

  /** Per condition how many numbers were found, of how many. */
  Artifact found(List<Text> texts, RandomGenerator random) {
    int[] keys =
        IntStream.range(0, texts.size()).map(t -> 10_000 + random.nextInt(90_000)).toArray();
    List<PerturbationCase> conditions =
        conditions(model, contexts.trained(), LongContexts.length(texts));
    long[] found = new long[conditions.size()];
    for (int i = 0; i < found.length; i++) {
      int condition = i;
      List<Sequence> sequences = new ArrayList<>();
      for (int text = 0; text < texts.size(); text++) {
        for (double depth : DEPTHS) {
          sequences.add(asked(texts.get(text), keys[text], depth, conditions.get(i)));
        }
      }
      try (var written = model.generate(GenerateRequest.greedy(sequences))) {
        written.forEach(
            each -> {
              String answer = model.tokenizer().decode(each.tokens()).strip();
              int key = keys[each.sequence() / DEPTHS.length];
              found[condition] += answer.startsWith(String.valueOf(key)) ? 1 : 0;
            });
      }
    }
    return Artifact.empty()
        .with(FOUND, found)
        .with(TRIED, new long[] {(long) texts.size() * DEPTHS.length});
  }

  private Sequence asked(Text text, int key, double depth, PerturbationCase condition) {
    int[] stated =
        ids(
            String.format(
                Locale.ROOT, "\nThe pass key is %d. Remember it. %d is the pass key.\n", key, key));
    int[] asked = ids(ASKED);
    int length = LongContexts.multiple(condition) * contexts.trained();
    int room = length - stated.length - asked.length - WRITTEN;
    int at = (int) (depth * room);
    int[] tokens =
        Stream.of(
                Arrays.copyOfRange(text.ids(), 0, at),
                stated,
                Arrays.copyOfRange(text.ids(), at, room),
                asked)
            .flatMapToInt(IntStream::of)
            .toArray();
    Sequence sequence = contexts.read(Sequence.of(tokens), condition, length);
    return sequence.maxNewTokens(WRITTEN);
  }

  private int[] ids(String words) {
    return model.tokenizer().encode(words, false).ids();
  }

  /** The shares that were found. */
  static List<Metric> metrics(Artifact found, List<PerturbationCase> conditions) {
    List<Metric> metrics = new ArrayList<>();
    int tried = Math.toIntExact(found.integers(TRIED)[0]);
    for (int i = 0; i < conditions.size(); i++) {
      PerturbationCase condition = conditions.get(i);
      metrics.add(
          Metric.of("passkey.found", found.integers(FOUND)[i] / (double) tried)
              .where("perturbation", condition.perturbation())
              .where(LongContexts.MULTIPLE, LongContexts.multiple(condition))
              .n(tried));
    }
    return metrics;
  }
}
