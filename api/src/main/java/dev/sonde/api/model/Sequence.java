package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One item of a request: its tokens and everything that may differ between items. Its index in the
 * request names it in the rows that come back. An instance is immutable; each method that adds or
 * sets something gives another one.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Sequence {
  private final int[] tokens;

  // What follows is set in a new copy only, before anyone else has it.
  private List<Span> spans = List.of();
  private List<Target> targets = List.of();
  private int maxNewTokens;
  private int samples = 1;
  private long seed;
  private List<Objective> objectives = List.of();
  private List<Intervention> interventions = List.of();
  private int[] positions = {};
  private List<Blocked> blocked = List.of();
  private Optional<Distances> distances = Optional.empty();
  private boolean beyondContext;
  private Optional<StartingPoint> start = Optional.empty();
  private Optional<Frequencies> frequencies = Optional.empty();

  private Sequence(int[] tokens) {
    this.tokens = tokens;
    if (tokens.length == 0) {
      throw new IllegalArgumentException("a sequence needs at least one token");
    }
  }

  /**
   * A sequence of nothing but tokens, which are copied.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Sequence of(int... tokens) {
    return new Sequence(tokens.clone());
  }

  private Sequence copy() {
    Sequence copy = new Sequence(tokens);
    copy.spans = spans;
    copy.targets = targets;
    copy.maxNewTokens = maxNewTokens;
    copy.samples = samples;
    copy.seed = seed;
    copy.objectives = objectives;
    copy.interventions = interventions;
    copy.positions = positions;
    copy.blocked = blocked;
    copy.distances = distances;
    copy.beyondContext = beyondContext;
    copy.start = start;
    copy.frequencies = frequencies;
    return copy;
  }

  private static <T> List<T> both(List<T> first, List<? extends T> then) {
    return Stream.<T>concat(first.stream(), then.stream()).toList();
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

  /** The block that a pass begins at and what it is given; empty where it is the embedding. */
  public Optional<StartingPoint> start() {
    return start;
  }

  /** Rotary frequencies in place of the model's own. */
  public Optional<Frequencies> frequencies() {
    return frequencies;
  }

  /** The {@link Capabilities#features} that a backend needs for it, gradients left out. */
  public Set<String> features() {
    return Capabilities.neededBy(this);
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

  /** Adds a span. */
  public Sequence span(Span span) {
    return spans(List.of(span));
  }

  /** Adds spans. */
  public Sequence spans(List<Span> more) {
    for (Span span : more) {
      if (span.to() > tokens.length) {
        throw new IllegalArgumentException(
            "%s ends after the last of %d tokens".formatted(span, tokens.length));
      }
    }
    Sequence copy = copy();
    copy.spans = both(spans, more);
    return copy;
  }

  /** Adds a scored token; one position may have several. */
  public Sequence target(int position, int token) {
    return targets(List.of(new Target(position, token)));
  }

  /** Adds scored tokens; one position may have several. */
  public Sequence targets(List<Target> more) {
    more.forEach(this::check);
    Sequence copy = copy();
    copy.targets = both(targets, more);
    return copy;
  }

  private void check(Target target) {
    if (target.position() < 1 || target.position() > tokens.length) {
      throw new IllegalArgumentException(
          "target position %d of %d tokens".formatted(target.position(), tokens.length));
    }
  }

  /** Scores the sequence's own tokens from a position on. */
  public Sequence scoreFrom(int position) {
    return targets(
        IntStream.range(position, tokens.length).mapToObj(p -> new Target(p, tokens[p])).toList());
  }

  /** Adds something to take gradients of. */
  public Sequence objective(Objective objective) {
    objective.targets().forEach(this::check);
    Sequence copy = copy();
    copy.objectives = both(objectives, List.of(objective));
    return copy;
  }

  /** Sets how many tokens a generation may add. */
  public Sequence maxNewTokens(int count) {
    Sequence copy = copy();
    copy.maxNewTokens = count;
    return copy;
  }

  /** Sets how many continuations a generation gives, and the seed they are drawn with. */
  public Sequence samples(int count, long drawnWith) {
    Sequence copy = copy();
    copy.samples = count;
    copy.seed = drawnWith;
    return copy;
  }

  /** Adds changes of its activations. */
  public Sequence intervene(List<Intervention> changes) {
    Sequence copy = copy();
    copy.interventions = both(interventions, changes);
    return copy;
  }

  /**
   * Gives every token a position of its own for rotation or learned positions.
   *
   * @throws IllegalArgumentException if they are not one per token, or it has distances
   */
  public Sequence positions(int... perToken) {
    if (perToken.length != tokens.length) {
      throw new IllegalArgumentException(
          "%d positions for %d tokens".formatted(perToken.length, tokens.length));
    }
    Sequence copy = copy();
    copy.positions = perToken.clone();
    return copy.checked();
  }

  /**
   * Changes the distances from queries to keys.
   *
   * @throws IllegalArgumentException if it has positions
   */
  public Sequence distances(Distances changed) {
    Sequence copy = copy();
    copy.distances = Optional.of(changed);
    return copy.checked();
  }

  private Sequence checked() {
    if (positions.length > 0 && distances.isPresent()) {
      throw new IllegalArgumentException("a sequence has either positions or distances");
    }
    return this;
  }

  /** Lets it be longer than the context that the model was made for, to see what happens. */
  public Sequence beyondContext() {
    Sequence copy = copy();
    copy.beyondContext = true;
    return copy;
  }

  /** Begins a pass at a block, with a residual stream of its own. */
  public Sequence startAt(StartingPoint point) {
    Sequence copy = copy();
    copy.start = Optional.of(point);
    return copy;
  }

  /** Rotates queries and keys with other frequencies. */
  public Sequence frequencies(Frequencies others) {
    Sequence copy = copy();
    copy.frequencies = Optional.of(others);
    return copy;
  }

  /** Hides keys from queries. */
  public Sequence block(Blocked... spans) {
    Sequence copy = copy();
    copy.blocked = both(blocked, List.of(spans));
    return copy;
  }

  /** Lets every token see the first tokens and the latest ones only, itself among them. */
  public Sequence sinksAndWindow(int sinks, int window) {
    return block(
        IntStream.range(sinks + window, tokens.length)
            .mapToObj(query -> new Blocked(query, query + 1, sinks, query - window + 1))
            .toArray(Blocked[]::new));
  }
}
