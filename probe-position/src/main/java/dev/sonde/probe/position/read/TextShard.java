package dev.sonde.probe.position.read;

import dev.sonde.api.probe.Artifact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Some texts that one model is asked about in one shard.
 *
 * @param model its name, see {@link NamedModels}
 * @param first the index of the first of them among all texts
 * @param texts all of one length
 */
public record TextShard(String model, int first, List<Text> texts) {
  /** Tokens of a shard: two batches of most backends, so that none is cut into small ones. */
  private static final int MOST_TOKENS = 4096;

  private static final String MODEL = "model";
  private static final String FIRST = "first_text";
  private static final String LENGTH = "text_length";
  private static final String TOKENS = "tokens";
  private static final String SCORED = "scored";

  /** A shard with its list copied. */
  public TextShard {
    texts = List.copyOf(texts);
  }

  /** Cuts texts of one length into shards of as many as 4096 tokens hold, at least one. */
  public static List<TextShard> cut(String model, List<Text> texts) {
    List<TextShard> shards = new ArrayList<>();
    int size = texts.isEmpty() ? 1 : Math.max(1, MOST_TOKENS / texts.getFirst().length());
    for (int from = 0; from < texts.size(); from += size) {
      int to = Math.min(from + size, texts.size());
      shards.add(new TextShard(model, from, texts.subList(from, to)));
    }
    return shards;
  }

  /** The shard's name, a plain file name. */
  public String name() {
    return "%s-%05d".formatted(model, first);
  }

  /** Whether a shard of that name is of a model. */
  public static boolean isOf(String model, String name) {
    return name.substring(0, name.lastIndexOf('-')).equals(model);
  }

  /** What a shard is given, for more to be added to it. */
  public Artifact input() {
    return Artifact.empty()
        .with(MODEL, model)
        .with(FIRST, first)
        .with(LENGTH, texts.getFirst().length())
        .with(TOKENS, longs(texts.stream().map(Text::ids).toList()))
        .with(SCORED, longs(texts.stream().map(TextShard::flags).toList()));
  }

  private static int[] flags(Text text) {
    return IntStream.range(0, text.length()).map(i -> text.scored()[i] ? 1 : 0).toArray();
  }

  private static boolean[] flags(int[] numbers) {
    boolean[] flags = new boolean[numbers.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = numbers[i] != 0;
    }
    return flags;
  }

  /** Tokens of each text. */
  public int length() {
    return texts.getFirst().length();
  }

  /** Arrays of one length, one behind the other. */
  public static long[] longs(List<int[]> arrays) {
    return arrays.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
  }

  /** Arrays of one length from such integers. */
  public static List<int[]> arrays(long[] values, int length) {
    List<int[]> arrays = new ArrayList<>();
    for (int from = 0; from < values.length; from += length) {
      arrays.add(Arrays.stream(values, from, from + length).mapToInt(Math::toIntExact).toArray());
    }
    return arrays;
  }

  /** The texts that a shard was given. */
  public static TextShard of(Artifact input) {
    int length = Math.toIntExact(input.integers(LENGTH)[0]);
    List<int[]> ids = arrays(input.integers(TOKENS), length);
    List<int[]> scored = arrays(input.integers(SCORED), length);
    return new TextShard(
        input.text(MODEL),
        Math.toIntExact(input.integers(FIRST)[0]),
        IntStream.range(0, ids.size())
            .mapToObj(text -> new Text(ids.get(text), flags(scored.get(text))))
            .toList());
  }
}
