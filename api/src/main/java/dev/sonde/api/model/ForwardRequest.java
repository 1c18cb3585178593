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

  private ForwardRequest(Builder builder) {
    this.sequences = List.copyOf(builder.sequences);
    this.groups = List.copyOf(builder.groups);
    this.tokenBudget = builder.tokenBudget;
  }

  /** A builder for the given sequences. */
  public static Builder of(List<Sequence> sequences) {
    return new Builder(sequences);
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

  /** Collects the parts of a request. */
  public static final class Builder {
    private final List<Sequence> sequences;
    private final List<List<Read>> groups = new ArrayList<>();
    private int tokenBudget;

    private Builder(List<Sequence> sequences) {
      this.sequences = sequences;
    }

    /** Adds one read group. */
    public Builder read(Read... together) {
      groups.add(List.of(together));
      return this;
    }

    /** Adds reads that need not arrive together: a group each. */
    public Builder readEach(List<Read> reads) {
      reads.forEach(this::read);
      return this;
    }

    /** Limits the tokens of one packed batch. */
    public Builder tokenBudget(int tokens) {
      this.tokenBudget = tokens;
      return this;
    }

    /** The request. */
    public ForwardRequest build() {
      return new ForwardRequest(this);
    }
  }
}
