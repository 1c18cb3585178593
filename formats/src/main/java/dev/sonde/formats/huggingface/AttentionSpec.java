package dev.sonde.formats.huggingface;

import java.util.List;
import java.util.Optional;

/**
 * Attention of one block.
 *
 * @param heads query heads
 * @param keyValueHeads key and value heads; each serves {@code heads / keyValueHeads} query heads
 * @param headWidth width of a query or key
 * @param valueWidth width of a value
 * @param scale factor on the products of queries and keys
 * @param cap soft cap {@code c · tanh(x / c)} on scores; 0 is none
 * @param fusion how queries, keys and values stand in one linear
 * @param latent how keys and values are made of a narrow vector, where they are
 * @param queryKeyNorm how queries and keys are normed, where they are
 * @param valueNorm the norm of each value, where there is one; it has no gain
 * @param clip bound that queries, keys and values are cut at; 0 is none
 * @param gate what the mixed values are multiplied with
 * @param sight which keys a query sees
 * @param rotary how queries and keys turn; empty where they do not
 * @param slopes per head, what a score loses for each token between query and key (ALiBi); empty
 *     where it loses nothing
 * @param temperature how queries grow with their position, where they do
 * @param keysOf the block whose keys and values it takes, where it makes none
 */
public record AttentionSpec(
    int heads,
    int keyValueHeads,
    int headWidth,
    int valueWidth,
    double scale,
    double cap,
    Fusion fusion,
    Optional<Latent> latent,
    Optional<QueryKeyNorm> queryKeyNorm,
    Optional<NormSpec> valueNorm,
    double clip,
    Gate gate,
    Sight sight,
    Optional<Rotary> rotary,
    List<Float> slopes,
    Optional<Temperature> temperature,
    Optional<Integer> keysOf)
    implements MixerSpec {
  /** Attention with its slopes copied. */
  public AttentionSpec {
    slopes = List.copyOf(slopes);
  }

  @Override
  public boolean isPrefixable() {
    return !sight.symmetric();
  }

  /** Width of all queries of a token. */
  public int queriesWidth() {
    return heads * headWidth;
  }

  /** Width of all keys of a token. */
  public int keysWidth() {
    return keyValueHeads * headWidth;
  }

  /** Width of all values of a token. */
  public int valuesWidth() {
    return keyValueHeads * valueWidth;
  }

  /** Width of what all heads mix. */
  public int mixedWidth() {
    return heads * valueWidth;
  }

  /** How the rows of {@link Part#QUERY_KEY_VALUE} are ordered. */
  public enum Fusion {
    /** All queries, then all keys, then all values. */
    STACKED,
    /** Key head by key head: the queries it serves, the key, the value. */
    BY_HEAD
  }

  /**
   * Multi-head latent attention: a token is remembered by one narrow vector, of which every head's
   * key and value are made, and by one rotated key that all heads share. A query is {@code [plain,
   * rotated]}, and so is a key.
   *
   * @param queryRank width of the vector that queries are made of; 0 where they are made at once
   * @param keyValueRank width of the vector that keys and values are made of
   * @param plainWidth numbers of a query that do not turn; the others do
   * @param norm kind of the norms of the narrow vectors
   */
  public record Latent(int queryRank, int keyValueRank, int plainWidth, NormSpec norm) {}

  /**
   * The norm of queries and keys.
   *
   * @param over what is normed together
   * @param kind the kind
   * @param afterRotation whether they are turned before
   */
  public record QueryKeyNorm(Over over, NormSpec kind, boolean afterRotation) {}

  /** Over what queries and keys are normed. */
  public enum Over {
    /** Each head, with one gain of a head's width for all or one for each head. */
    HEAD,
    /** All heads of a token together. */
    TOKEN
  }

  /** What mixed values are multiplied with. */
  public enum Gate {
    /** Nothing. */
    NONE,
    /** The sigmoid of numbers that the query's linear gives behind each query. */
    BESIDE_QUERY,
    /** The sigmoid of {@link Part#OUTPUT_GATE}. */
    LINEAR
  }

  /**
   * Which keys a query sees.
   *
   * @param window how many, its own included; 0 is all
   * @param chunked whether a window is a chunk of the text instead: queries see nothing of the
   *     chunks before theirs
   * @param symmetric whether it sees those behind it too
   */
  public record Sight(int window, boolean chunked, boolean symmetric) {
    static final Sight CAUSAL = new Sight(0, false, false);
  }

  /**
   * Factor {@code 1 + growth · ln(1 + ⌊position / every⌋)} on queries; with {@code early} the
   * position counts from 1.
   */
  public record Temperature(double growth, int every, boolean early) {
    /** The factor at a 0-based position. */
    public float at(int position) {
      double place = early ? position + 1.0 : position;
      return (float) (1 + growth * Math.log1p(Math.floor(place / every)));
    }
  }
}
