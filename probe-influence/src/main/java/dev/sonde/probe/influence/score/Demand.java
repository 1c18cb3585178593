package dev.sonde.probe.influence.score;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.probe.influence.curvature.Strategy;
import dev.sonde.probe.influence.read.LinearModule;
import java.util.List;
import java.util.Locale;

/**
 * What the work takes, known before it begins.
 *
 * @param linears how many are looked at
 * @param factors bytes of covariances, eigenbases and eigenvalues
 * @param whole bytes of one query's preconditioned gradients in all variants
 * @param held the same as documents are multiplied with it: reduced to a rank, or whole
 * @param perToken bytes of the rows of one token
 * @param tokensAtOnce tokens that are run at once
 * @param queries number of queries
 * @param scores bytes of what is held of the scores, and of all scores of a shard
 * @param full bytes of all scores where they are kept, on disk
 * @param kept how many kinds of labels rows are kept of from one stage to the next; none where they
 *     do not fit
 * @param rows bytes of these rows
 * @param limit most bytes that factors, queries and rows may take
 */
public record Demand(
    int linears,
    long factors,
    long whole,
    long held,
    long perToken,
    int tokensAtOnce,
    int queries,
    long scores,
    long full,
    int kept,
    long rows,
    long limit) {
  /** What to change where memory does not suffice. */
  public static final String LESS =
      "choose fewer linears (linears: [mlp.down_proj]) or blocks (layers: [0, 5, 10]), fewer"
          + " strategies, or reduce queries (query_rank: 32)";

  /** Rows are streamed in batches of about so much: enough to keep products busy. */
  private static final long ROWS = 128L << 20;

  /** Rows are kept where they take no more than this part of the limit: passes cost time only. */
  private static final int LIMIT_OVER_KEPT = 8;

  /** What a backward pass may hold of the forward pass; small models take many tokens at once. */
  private static final long GRAPH = 768L << 20;

  /** Numbers that a block keeps of a token for the backward pass, for each of the width. */
  private static final int KEPT_BY_A_BLOCK = 20;

  /** Vectors of a query that conjugate gradients take beside the solution. */
  private static final int SOLVING = 6;

  private static final int MOST_TOKENS = 4096;
  private static final int FEWEST_TOKENS = 64;

  /**
   * Rows of the documents that curvature is fitted on, which may be kept for the stages after it.
   *
   * @param tokens of these documents
   * @param labels for how many kinds of labels that is of use
   */
  record FittedRows(long tokens, int labels) {}

  /**
   * What the work takes.
   *
   * @param model whose activations are kept for the backward pass
   * @param held what is held of the scores
   */
  static Demand of(
      ModelInfo model,
      List<LinearModule> linears,
      ScoreSettings settings,
      SummaryShape held,
      FittedRows fitted) {
    int queries = held.queries();
    boolean rotates = settings.strategies(0).stream().anyMatch(Strategy::rotates);
    long factors = 0;
    long weights = 0;
    long inputs = 0;
    long outputs = 0;
    for (LinearModule linear : linears) {
      long squares = (long) linear.in() * linear.in() + (long) linear.out() * linear.out();
      factors += rotates ? 2 * squares : 0; // covariances and eigenvectors
      weights += linear.weights();
      inputs += linear.in();
      outputs += linear.out();
    }
    long widths = inputs + outputs;
    int variants = settings.variants().size();
    long columns = 1L + variants + (settings.modules() ? linears.size() : 0); // similarities
    factors += 2 * weights * variants; // sums, and the eigenvalues of each variant
    long refined =
        settings.variants().stream().filter(v -> v.strategy() == Strategy.EKFAC_CG).count();
    long formed = variants + (refined > 0 ? SOLVING : 0L);
    int rank = settings.rank(linears);
    Demand bare =
        new Demand(
            linears.size(),
            factors * Float.BYTES,
            weights * formed * Float.BYTES,
            (rank > 0 ? rank * widths * variants : weights * formed) * Float.BYTES,
            widths * Float.BYTES,
            tokensAtOnce(model, widths * Float.BYTES),
            queries,
            held.values() * Double.BYTES
                + Math.min(settings.shard(), held.documents()) * columns * queries * Float.BYTES,
            settings.full() ? held.documents() * columns * queries * Float.BYTES : 0,
            0,
            0,
            settings.memory());
    for (int kept = fitted.labels(); kept > 0; kept--) {
      long rows = fitted.tokens() * (inputs + kept * outputs) * Float.BYTES;
      if (rows <= Math.min(bare.left(), bare.limit / LIMIT_OVER_KEPT)) {
        return bare.keeping(kept, rows);
      }
    }
    return bare;
  }

  private Demand keeping(int labels, long bytes) {
    return new Demand(
        linears,
        factors,
        whole,
        held,
        perToken,
        tokensAtOnce,
        queries,
        scores,
        full,
        labels,
        bytes,
        limit);
  }

  /** Bytes that nothing else takes. */
  private long left() {
    long formed = reduces() ? whole : 0;
    return limit - factors - streamed() - formed - queries * held;
  }

  /** Bytes taken by the rows that are streamed and the gradients formed of them. */
  private long streamed() {
    return 2 * Math.max(ROWS, FEWEST_TOKENS * perToken);
  }

  private static int tokensAtOnce(ModelInfo model, long perToken) {
    long graph = (long) KEPT_BY_A_BLOCK * model.layers() * model.width() * Float.BYTES;
    long most = Math.min(ROWS / perToken, GRAPH / Math.max(1, graph));
    return Math.clamp(most, FEWEST_TOKENS, MOST_TOKENS);
  }

  /** Texts whose gradients of one linear are formed at once. */
  int itemsAtOnce(List<LinearModule> linears) {
    long largest = linears.stream().mapToLong(LinearModule::weights).max().orElseThrow();
    return Math.clamp(ROWS / (largest * Float.BYTES), 1, MOST_TOKENS);
  }

  /**
   * How many queries are held at once; each such batch is a pass over the documents.
   *
   * @throws InvalidInputException if not even one fits, with what to change
   */
  public int queriesAtOnce() {
    long left = limit - factors - streamed() - rows - (reduces() ? whole : 0);
    if (left < held) {
      throw new InvalidInputException(
          "the factors take %s, streamed rows %s and one query %s, but memory is %s: raise memory, "
                  .formatted(gib(factors), gib(streamed()), gib(whole), gib(limit))
              + LESS);
    }
    return (int) Math.min(queries, left / held);
  }

  private boolean reduces() {
    return held < whole;
  }

  /** How many queries' whole gradients are formed at once. */
  int queriesFormedAtOnce() {
    if (!reduces()) {
      return queriesAtOnce();
    }
    long left = limit - factors - streamed() - rows - queriesAtOnce() * held;
    return Math.clamp(left / whole, 1, queriesAtOnce());
  }

  /** Bytes that are taken at most, beside the model. */
  public long taken() {
    long formed = reduces() ? queriesFormedAtOnce() * whole : 0;
    return factors + streamed() + rows + queriesAtOnce() * held + formed + scores;
  }

  /** Passes over the documents to score them once. */
  public int scoringPasses() {
    return Math.ceilDiv(queries, queriesAtOnce());
  }

  /** Bytes as a reader sees them. */
  public static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
  }
}
