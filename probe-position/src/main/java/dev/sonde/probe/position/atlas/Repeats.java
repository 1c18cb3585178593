package dev.sonde.probe.position.atlas;

import dev.sonde.probe.position.read.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Random tokens that come twice, one behind the other (Olsson et al. 2022): what a head looks at
 * there follows from what it does, not from what texts are about.
 */
public final class Repeats {
  /** How many of them. */
  public static final int TEXTS = 4;

  private Repeats() {}

  /**
   * Texts of the length of others, made of their tokens, no two in a half alike where there are
   * enough kinds of them; each begins as one of them does.
   */
  public static List<Text> of(List<Text> texts, RandomGenerator random) {
    int length = texts.getFirst().length();
    int[] kinds =
        texts.stream()
            .flatMapToInt(text -> Arrays.stream(text.ids()))
            .distinct()
            .sorted()
            .toArray();
    int half = (length - 1) / 2;
    List<Text> repeats = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      int[] ids = new int[2 * half + 1];
      ids[0] = texts.get(i % texts.size()).ids()[0];
      for (int place = 0; place < half; place++) {
        int drawn = place % kinds.length;
        int other = drawn + random.nextInt(kinds.length - drawn);
        int kept = kinds[drawn];
        kinds[drawn] = kinds[other];
        kinds[other] = kept;
        ids[1 + place] = kinds[drawn];
        ids[1 + half + place] = kinds[drawn];
      }
      repeats.add(new Text(ids, new boolean[ids.length]));
    }
    return repeats;
  }
}
