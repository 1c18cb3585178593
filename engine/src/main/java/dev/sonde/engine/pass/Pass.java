package dev.sonde.engine.pass;

import dev.sonde.api.model.Read;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.formats.ContentHash;
import java.util.ArrayList;
import java.util.List;

/** One model over one data set: its tokens, and everything that is known to be read of it. */
public final class Pass {
  /** Rows of a shard: few enough that an interrupted capture loses little. */
  private static final int SHARD_ROWS = 1024;

  /** Digits of a shard's hash: enough to name a file. */
  private static final int HASH_DIGITS = 32;

  private final Role role;
  private final OpenModel model;
  private final TokenRows rows;
  private final List<Read> reads;
  private final List<Shard> shards;

  /**
   * A pass.
   *
   * @param rows the prompts as the model takes them
   * @param reads without duplicates
   * @throws dev.sonde.api.UnsupportedCapabilityException if a prompt is too short for a read
   */
  public Pass(Role role, OpenModel model, TokenRows rows, List<Read> reads) {
    this.role = role;
    this.model = model;
    this.rows = rows;
    this.reads = List.copyOf(reads);
    this.reads.forEach(read -> Reads.requireTokens(read, rows));
    this.shards = shards(role, rows.ids());
  }

  private static List<Shard> shards(Role role, List<int[]> tokens) {
    List<Shard> shards = new ArrayList<>();
    for (int from = 0; from < tokens.size(); from += SHARD_ROWS) {
      int to = Math.min(from + SHARD_ROWS, tokens.size());
      shards.add(new Shard(role, from, to, hash(tokens.subList(from, to))));
    }
    return List.copyOf(shards);
  }

  /** The name of a shard in the store, by its tokens. */
  public static String hash(List<int[]> tokens) {
    return ContentHash.of(tokens).substring(0, HASH_DIGITS);
  }

  /** Which model over which data set. */
  public Role role() {
    return role;
  }

  /** The model. */
  public OpenModel model() {
    return model;
  }

  /** The data set, as the model is fed it. */
  public LabelledStudy study() {
    return rows.study();
  }

  /** The prompts as the model takes them. */
  public TokenRows rows() {
    return rows;
  }

  /** Everything that is known to be read, without duplicates. */
  public List<Read> reads() {
    return reads;
  }

  /** The whole pass, cut; the same cut for the same tokens. */
  public List<Shard> shards() {
    return shards;
  }

  /** The token rows of a shard. */
  public List<int[]> tokens(Shard shard) {
    return rows.ids().subList(shard.from(), shard.to());
  }
}
