package dev.sonde.probe.influence;

import dev.sonde.api.InvalidInputException;
import java.util.List;
import java.util.Locale;

/**
 * What the work takes, known before it begins.
 *
 * @param factors bytes of covariances, eigenbases and eigenvalues
 * @param perQuery bytes of one query's preconditioned gradients in all variants
 * @param perToken bytes of the rows of one token
 * @param queries number of queries
 * @param limit most bytes that may be taken
 */
record Demand(long factors, long perQuery, long perToken, int queries, long limit) {
  /** Rows are streamed in batches of about so much: enough to keep products busy. */
  private static final long ROWS = 128L << 20;

  private static final int MOST_TOKENS = 4096;
  private static final int FEWEST_TOKENS = 64;

  static Demand of(List<Linear> linears, InfluenceSettings settings, int queries) {
    boolean rotates = settings.strategies().stream().anyMatch(Strategy::rotates);
    long factors = 0;
    long weights = 0;
    long widths = 0;
    for (Linear linear : linears) {
      long squares = (long) linear.in() * linear.in() + (long) linear.out() * linear.out();
      factors += rotates ? 2 * squares : 0; // covariances and eigenvectors
      weights += linear.weights();
      widths += linear.in() + linear.out();
    }
    int variants = settings.variants().size();
    factors += 2 * weights * variants; // sums, and the eigenvalues of each variant
    return new Demand(
        factors * Float.BYTES,
        weights * variants * Float.BYTES,
        widths * Float.BYTES,
        queries,
        settings.memory());
  }

  /** Bytes taken by the rows that are streamed and the gradients formed of them. */
  private long streamed() {
    return 2 * Math.max(ROWS, FEWEST_TOKENS * perToken);
  }

  /** Tokens whose rows are held at once. */
  int tokensAtOnce() {
    return Math.clamp(ROWS / perToken, FEWEST_TOKENS, MOST_TOKENS);
  }

  /** Items whose gradients of one linear are formed at once. */
  int itemsAtOnce(List<Linear> linears) {
    long largest = linears.stream().mapToLong(Linear::weights).max().orElseThrow();
    return Math.clamp(ROWS / (largest * Float.BYTES), 1, MOST_TOKENS);
  }

  /**
   * How many queries are held at once; each such batch is a pass over the documents.
   *
   * @throws InvalidInputException if not even one fits, with what to change
   */
  int queriesAtOnce() {
    long left = limit - factors - streamed();
    if (left < perQuery) {
      throw new InvalidInputException(
          "the factors take %s, streamed rows %s and one query %s, but memory is %s: raise memory, "
                  .formatted(gib(factors), gib(streamed()), gib(perQuery), gib(limit))
              + "choose fewer linears (linears: [mlp.down_proj]) or blocks (layers: [0, 5, 10]), or"
              + " fewer strategies");
    }
    return (int) Math.min(queries, left / perQuery);
  }

  /** Passes over the documents: two or more for the factors, one per batch of queries. */
  int passes(InfluenceSettings settings) {
    List<Strategy> strategies = settings.strategies();
    boolean rotates = strategies.stream().anyMatch(Strategy::rotates);
    boolean squares = strategies.contains(Strategy.EKFAC) || strategies.contains(Strategy.DIAGONAL);
    int fitting = (rotates ? 1 : 0) + (squares ? 1 : 0);
    return (fitting + scoringPasses()) * (1 + settings.resamples());
  }

  private int scoringPasses() {
    return Math.ceilDiv(queries, queriesAtOnce());
  }

  /** The plan in a sentence. */
  String sentence(InfluenceSettings settings, int linears, long tokens) {
    return String.format(
        Locale.ROOT,
        "Plan: %d linears; factors %s, a query %s, %d of %d queries at once; %d passes forward and"
            + " backward over %d tokens; files of %s.",
        linears,
        gib(factors),
        gib(perQuery),
        queriesAtOnce(),
        queries,
        passes(settings),
        tokens,
        gib(settings.shown().factors() ? factors : 0));
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
  }
}
