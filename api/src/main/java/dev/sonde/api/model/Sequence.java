package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * One item of a request: its tokens and everything that may differ between items. Its index in the
 * request names it in the rows that come back.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Sequence {
  private final int[] tokens;
  private final List<Span> spans;
  private final List<Target> targets;
  private final int maxNewTokens;
  private final int samples;
  private final long seed;
  private final List<Objective> objectives;
  private final List<Intervention> interventions;
  private final int[] positions;
  private final List<Blocked> blocked;
  private final Optional<Distances> distances;
  private final boolean beyondContext;

  private Sequence(Builder builder) {
    this.tokens = builder.tokens;
    this.spans = List.copyOf(builder.spans);
    this.targets = List.copyOf(builder.targets);
    this.maxNewTokens = builder.maxNewTokens;
    this.samples = builder.samples;
    this.seed = builder.seed;
    this.objectives = List.copyOf(builder.objectives);
    this.interventions = List.copyOf(builder.interventions);
    this.positions = builder.positions;
    this.blocked = List.copyOf(builder.blocked);
    this.distances = builder.distances;
    this.beyondContext = builder.beyondContext;
  }

  /** A sequence of nothing but tokens. */
  public static Sequence of(int... tokens) {
    return builder(tokens).build();
  }

  /** A builder; the tokens are copied. */
  public static Builder builder(int... tokens) {
    return new Builder(tokens.clone());
  }

  /** Number of tokens. */
  public int length() {
    return tokens.length;
  }

  /** A copy of the token ids. */
  public int[] tokens() {
    return tokens.clone();
  }

  /** One token id. */
  public int token(int index) {
    return tokens[index];
  }

  /** Named spans for {@link Selector#eachSpan()}. */
  public List<Span> spans() {
    return spans;
  }

  /** What {@link Read#logProbabilities()} scores. */
  public List<Target> targets() {
    return targets;
  }

  /** How many tokens a generation may add. */
  public int maxNewTokens() {
    return maxNewTokens;
  }

  /** How many continuations a generation gives. */
  public int samples() {
    return samples;
  }

  /** Seed of what is drawn for this sequence. */
  public long seed() {
    return seed;
  }

  /** What {@link Read#gradient()} takes gradients of, one after the other. */
  public List<Objective> objectives() {
    return objectives;
  }

  /** What changes its activations, in the order in which it acts. */
  public List<Intervention> interventions() {
    return interventions;
  }

  /** The position of a token; by default its index. */
  public int position(int index) {
    return positions.length == 0 ? index : positions[index];
  }

  /** Whether positions differ from the tokens' indices. */
  public boolean isMoved() {
    return positions.length > 0;
  }

  /** Keys that some queries do not see. */
  public List<Blocked> blocked() {
    return blocked;
  }

  /** Distances of keys from queries, if they do not follow from positions alone. */
  public Optional<Distances> distances() {
    return distances;
  }

  /** Whether it may be longer than the context that the model was made for. */
  public boolean isBeyondContext() {
    return beyondContext;
  }

  /** The {@link Capabilities#features} that a backend needs for it, gradients left out. */
  public Set<String> features() {
    Set<String> needed = new TreeSet<>();
    if (positions.length > 0) {
      needed.add(Capabilities.POSITIONS);
    }
    if (!blocked.isEmpty()) {
      needed.add(Capabilities.ATTENTION_MASK);
    }
    if (distances.isPresent()) {
      needed.add(Capabilities.DISTANCES);
    }
    if (beyondContext) {
      needed.add(Capabilities.BEYOND_CONTEXT);
    }
    return needed;
  }

  /**
   * Overrides the relative distance that attention sees, in every block that rotates queries and
   * keys. Its kind is a name: more may come, and a backend refuses those that it does not announce
   * ({@link Capabilities#distances}).
   */
  public static final class Distances {
    /** All keys, including the query's own, are at that distance. */
    public static final String CONSTANT = "constant";

    /** Keys farther away are moved to that distance. */
    public static final String AT_MOST = "at_most";

    private final String kind;
    private final int tokens;

    private Distances(String kind, int tokens) {
      this.kind = kind;
      this.tokens = tokens;
    }

    /** Distances of any kind, whether it is named here or not. */
    public static Distances of(String kind, int tokens) {
      return new Distances(kind, tokens);
    }

    /** All keys, including the query's own, at one distance. */
    public static Distances constant(int tokens) {
      return of(CONSTANT, tokens);
    }

    /** Keys farther away at that distance. */
    public static Distances atMost(int tokens) {
      return of(AT_MOST, tokens);
    }

    /** The kind of override. */
    public String kind() {
      return kind;
    }

    /** The distance in tokens. */
    public int tokens() {
      return tokens;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Distances that && kind.equals(that.kind) && tokens == that.tokens;
    }

    @Override
    public int hashCode() {
      return Objects.hash(kind, tokens);
    }

    @Override
    public String toString() {
      return kind + ":" + tokens;
    }
  }

  /**
   * Queries of some tokens that do not see the keys of others, in every block and head. A token
   * always sees itself.
   *
   * @param queryFrom the first of the queries
   * @param queryTo the one after the last
   * @param keyFrom the first of the keys
   * @param keyTo the one after the last
   */
  public record Blocked(int queryFrom, int queryTo, int keyFrom, int keyTo) {}

  /**
   * A token whose log-probability is wanted.
   *
   * @param position its position, at least 1: it is predicted from the tokens before it
   * @param token its id, which need not be the token at that position
   */
  public record Target(int position, int token) {}

  /** Collects the parts of a sequence. */
  public static final class Builder {
    private final int[] tokens;
    private final List<Span> spans = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private int maxNewTokens;
    private int samples = 1;
    private long seed;
    private final List<Objective> objectives = new ArrayList<>();
    private final List<Intervention> interventions = new ArrayList<>();
    private int[] positions = {};
    private final List<Blocked> blocked = new ArrayList<>();
    private Optional<Distances> distances = Optional.empty();
    private boolean beyondContext;

    private Builder(int[] tokens) {
      this.tokens = tokens;
    }

    /** Adds a span. */
    public Builder span(Span span) {
      if (span.to() > tokens.length) {
        throw new IllegalArgumentException(
            "%s ends after the last of %d tokens".formatted(span, tokens.length));
      }
      spans.add(span);
      return this;
    }

    /** Adds a scored token; one position may have several. */
    public Builder target(int position, int token) {
      targets.add(checked(new Target(position, token)));
      return this;
    }

    private Target checked(Target target) {
      if (target.position() < 1 || target.position() > tokens.length) {
        throw new IllegalArgumentException(
            "target position %d of %d tokens".formatted(target.position(), tokens.length));
      }
      return target;
    }

    /** Adds something to take gradients of. */
    public Builder objective(Objective objective) {
      objective.targets().forEach(this::checked);
      objectives.add(objective);
      return this;
    }

    /** Scores the sequence's own tokens from a position on. */
    public Builder scoreFrom(int position) {
      IntStream.range(position, tokens.length).forEach(p -> target(p, tokens[p]));
      return this;
    }

    /** Sets how many tokens a generation may add. */
    public Builder maxNewTokens(int count) {
      this.maxNewTokens = count;
      return this;
    }

    /** Sets how many continuations a generation gives, and the seed they are drawn with. */
    public Builder samples(int count, long drawnWith) {
      this.samples = count;
      this.seed = drawnWith;
      return this;
    }

    /** Adds changes of its activations. */
    public Builder intervene(List<Intervention> changes) {
      interventions.addAll(changes);
      return this;
    }

    /** Gives every token a position of its own for rotation or learned positions. */
    public Builder positions(int... perToken) {
      if (perToken.length != tokens.length) {
        throw new IllegalArgumentException(
            "%d positions for %d tokens".formatted(perToken.length, tokens.length));
      }
      this.positions = perToken.clone();
      return this;
    }

    /** Changes the distances from queries to keys. */
    public Builder distances(Distances changed) {
      this.distances = Optional.of(changed);
      return this;
    }

    /** Lets it be longer than the context that the model was made for, to see what happens. */
    public Builder beyondContext() {
      this.beyondContext = true;
      return this;
    }

    /** Hides keys from queries. */
    public Builder block(Blocked spans) {
      blocked.add(spans);
      return this;
    }

    /** Lets every token see the first tokens and the latest ones only, itself among them. */
    public Builder sinksAndWindow(int sinks, int window) {
      for (int query = sinks + window; query < tokens.length; query++) {
        block(new Blocked(query, query + 1, sinks, query - window + 1));
      }
      return this;
    }

    /**
     * The sequence.
     *
     * @throws IllegalArgumentException if it has no token, or both positions and distances
     */
    public Sequence build() {
      if (tokens.length == 0) {
        throw new IllegalArgumentException("a sequence needs at least one token");
      }
      if (positions.length > 0 && distances.isPresent()) {
        throw new IllegalArgumentException("a sequence has either positions or distances");
      }
      return new Sequence(this);
    }
  }
}
