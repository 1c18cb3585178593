package dev.sonde.probe.position.perturb;

import dev.sonde.api.model.Sequence;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.probe.position.read.Text;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Texts whose tokens, words, sentences or positions are in another order, and what stands beside
 * each: other tokens in the places of those that move, sentences that see nothing before them.
 *
 * @param texts of a shard
 * @param random by a purpose and the index of a text
 */
record Rearranged(List<Text> texts, Tokenizer tokenizer, Randomness random) {
  /** Random numbers of a text, the same in whatever shard it is. */
  interface Randomness {
    RandomGenerator of(String purpose, int text);
  }

  /**
   * A text to be run.
   *
   * @param before per place, the place of the token that stands there in the text as it is
   * @param counted the places that count
   */
  record Trial(Sequence sequence, int[] before, IntPredicate counted) {}

  /** A text under a condition. */
  Trial of(Perturbation kind, PerturbationCase condition, int text) {
    Text own = texts.get(text);
    if (kind == Perturbation.SENTENCES) {
      return sentences(condition, text);
    }
    int reach = condition.where().getOrDefault(Conditions.REACH, 1);
    boolean words = kind == Perturbation.WORDS;
    RandomGenerator drawn = random.of((words ? "words " : "swaps ") + reach, text);
    int[] ids = own.ids();
    int[] starts =
        words ? Pieces.words(tokenizer, ids) : IntStream.rangeClosed(0, ids.length).toArray();
    int[] order = Swaps.of(drawn, starts, reach).order(condition.fraction());
    int[] places = IntStream.range(0, ids.length).toArray();
    IntPredicate still = place -> order[place] == place;
    if (condition.variant().equals(Conditions.REPLACED)) {
      return new Trial(own.sequence(replaced(order, text)), places, still);
    }
    if (kind != Perturbation.POSITIONS) {
      return new Trial(own.sequence(Swaps.applied(order, ids)), places, still);
    }
    boolean moves = IntStream.of(places).anyMatch(place -> order[place] != place);
    return new Trial(moves ? own.sequence().positions(order) : own.sequence(), places, still);
  }

  /** Tokens of any text of the shard where others would move. */
  private int[] replaced(int[] order, int text) {
    RandomGenerator drawn = random.of("other tokens", text);
    int[] ids = texts.get(text).ids().clone();
    for (int place = 0; place < ids.length; place++) {
      if (order[place] != place) {
        int[] other = texts.get(drawn.nextInt(texts.size())).ids();
        ids[place] = other[1 + drawn.nextInt(other.length - 1)];
      }
    }
    return ids;
  }

  /** The first sentence, which has the first token, and the last, which may be cut, stay. */
  private Trial sentences(PerturbationCase condition, int text) {
    Text own = texts.get(text);
    int[] starts = Pieces.sentences(tokenizer, own.ids());
    int last = starts.length - 2;
    boolean[] counted = new boolean[own.length()];
    if (condition.variant().equals(Conditions.ALONE_SENTENCES)) {
      Sequence sequence = own.sequence();
      for (int piece = 1; piece < last; piece++) {
        sequence =
            sequence.block(
                new Sequence.Blocked(starts[piece], starts[piece + 1], 1, starts[piece]));
        Arrays.fill(counted, starts[piece] + 1, starts[piece + 1], true);
      }
      int[] places = IntStream.range(0, own.length()).toArray();
      return new Trial(sequence, places, place -> counted[place]);
    }
    int[] pieces = Swaps.shuffled(random.of("sentences", text), Math.max(0, last - 1));
    int[] before = new int[own.length()];
    int at = 0;
    for (int piece = 0; piece <= last; piece++) {
      int from = piece > 0 && piece < last ? pieces[piece - 1] + 1 : piece;
      for (int token = starts[from]; token < starts[from + 1]; token++, at++) {
        before[at] = token;
        counted[at] = piece > 0 && piece < last && token > starts[from];
      }
    }
    Text other = new Text(Swaps.applied(before, own.ids()), flags(before, own.scored()));
    return new Trial(other.sequence(), before, place -> counted[place]);
  }

  private static boolean[] flags(int[] before, boolean[] scored) {
    boolean[] flags = new boolean[scored.length];
    for (int place = 0; place < flags.length; place++) {
      flags[place] = scored[before[place]];
    }
    return flags;
  }
}
