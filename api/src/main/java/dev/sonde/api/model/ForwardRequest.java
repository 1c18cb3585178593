package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * What one pass over a set of sequences should read. It is a set: the backend orders it by length,
 * packs it without padding and batches it as a pure function of the request.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class ForwardRequest {
  private final List<Sequence> sequences;
  private final List<List<Read>> groups;
  private final int tokenBudget;

  private ForwardRequest(List<Sequence> sequences, List<List<Read>> groups, int tokenBudget) {
    this.sequences = sequences;
    this.groups = List.copyOf(groups);
    this.tokenBudget = tokenBudget;
  }

  /** A request for the given sequences that reads nothing yet. */
  public static ForwardRequest of(List<Sequence> sequences) {
    return new ForwardRequest(List.copyOf(sequences), List.of(), 0);
  }

  /** Adds one read group. */
  public ForwardRequest read(Read... together) {
    List<List<Read>> more = new ArrayList<>(groups);
    more.add(List.of(together));
    return new ForwardRequest(sequences, more, tokenBudget);
  }

  /** Adds reads that need not arrive together: a group each. */
  public ForwardRequest readEach(List<Read> reads) {
    List<List<Read>> more = new ArrayList<>(groups);
    reads.forEach(read -> more.add(List.of(read)));
    return new ForwardRequest(sequences, more, tokenBudget);
  }

  /** Limits the tokens of one packed batch. */
  public ForwardRequest tokenBudget(int tokens) {
    return new ForwardRequest(sequences, groups, tokens);
  }

  /** The items. */
  public List<Sequence> sequences() {
    return sequences;
  }

  /** The read groups: the reads of one group arrive in one {@link Batch}. */
  public List<List<Read>> groups() {
    return groups;
  }

  /** Most tokens in one packed batch; 0 leaves it to the backend. Results do not depend on it. */
  public int tokenBudget() {
    return tokenBudget;
  }
}
