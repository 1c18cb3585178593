package dev.sonde.probe.stepimportance.plan;

import dev.sonde.probe.stepimportance.answer.OwnAnswers;
import dev.sonde.probe.stepimportance.attribution.GradientTimesInput;
import dev.sonde.probe.stepimportance.search.SearchVariant;

/**
 * What the search in some chains takes. Sequences count whole, though a backend runs beginnings
 * that they share once.
 *
 * @param tests subsequences that are tested
 * @param forward tokens run through the model, those that it writes counted
 * @param backward tokens run backward, once for each objective
 * @param control tokens run through the model with fresh weights
 */
record ChainCost(long tests, long forward, long backward, long control) {
  static final ChainCost NONE = new ChainCost(0, 0, 0, 0);

  /** From so many steps on all subsequences are more than any search tests. */
  private static final int MANY_STEPS = 40;

  /**
   * A chain, before it is searched.
   *
   * @param prompt its tokens
   * @param whole tokens of prompt and chain
   * @param steps how many steps it has
   * @param asking tokens that ask for an answer
   * @param ending tokens of the longest text that stands behind the chain
   * @param answer the most tokens of a sampled answer
   */
  record Unsearched(long prompt, long whole, long steps, long asking, long ending, long answer) {}

  ChainCost plus(ChainCost other) {
    return new ChainCost(
        tests + other.tests,
        forward + other.forward,
        backward + other.backward,
        control + other.control);
  }

  ChainCost plusForward(long tokens) {
    return new ChainCost(tests, forward + tokens, backward, control);
  }

  /** The most that a search may take. */
  static ChainCost most(Unsearched chain, SearchOptions options) {
    long n = chain.steps();
    // The greedy queue takes one step away after at most as many trials as steps are left.
    long queue = n * (n + 1) / 2;
    // None, all, each alone, each prefix, what is left without shortcuts.
    long tests = 2 * n + 2;
    for (SearchVariant variant : options.variants()) {
      tests += options.thresholds(variant) + options.queues(variant) * queue;
    }
    long longest = chain.whole();
    long each = 2 * longest + chain.asking() + options.samples() * chain.answer();
    return of(chain, options, tests, each);
  }

  /**
   * What a search takes where it finds a prefix: half of the steps stand in a subsequence, half of
   * the thresholds and prefixes are tried, and the queue goes through the steps twice.
   */
  static ChainCost probable(Unsearched chain, SearchOptions options) {
    long n = chain.steps();
    long tests = n + n / 2 + 2;
    for (SearchVariant variant : options.variants()) {
      tests += options.thresholds(variant) / 2 + options.queues(variant) * 2L * n;
    }
    long half = (chain.prompt() + chain.whole()) / 2;
    long each = 2 * half + chain.asking() + options.samples() * chain.answer() / 2;
    return of(chain, options, tests, each);
  }

  private static ChainCost of(
      Unsearched chain, SearchOptions options, long mostTests, long tokensOfEach) {
    long tests = chain.steps() > MANY_STEPS ? mostTests : Math.min(mostTests, 1L << chain.steps());
    long direct = chain.prompt() + chain.ending();
    ChainCost cost = new ChainCost(tests, ownAnswer(chain) + direct + tests * tokensOfEach, 0, 0);
    for (SearchVariant variant : options.variants()) {
      cost = cost.plus(guidance(variant, chain, options));
    }
    return options.predicts() ? cost.plus(prediction(chain)) : cost;
  }

  /** Tokens that the model's own answer behind the chain takes. */
  static long ownAnswer(Unsearched chain) {
    return chain.whole() + chain.asking() + OwnAnswers.MOST_TOKENS;
  }

  /** Finding out what a variant goes by, in a prefix as long as the chain. */
  private static ChainCost guidance(
      SearchVariant variant, Unsearched chain, SearchOptions options) {
    long n = chain.steps();
    long window = chain.whole() + chain.ending();
    long points = GradientTimesInput.integrated(GradientTimesInput.Form.NORM).points();
    return switch (variant) {
      case ACTIVATION -> {
        long behind = n * (window - chain.prompt());
        yield new ChainCost(0, behind, behind, 0);
      }
      case GRADIENT_X_INPUT, GRADIENT_X_INPUT_SUM -> new ChainCost(0, 2 * window, n * window, 0);
      case INTEGRATED_GRADIENTS, INTEGRATED_GRADIENTS_SUM ->
          new ChainCost(0, (1 + points) * window, points * n * window, 0);
      case SUPPRESSION -> new ChainCost(0, (n + 1) * window, 0, 0);
      case RESAMPLING -> {
        long written = options.rolloutTokens();
        long answered = chain.whole() + written + chain.asking() + OwnAnswers.MOST_TOKENS;
        long start = chain.whole() + options.rollouts() * (written + answered);
        yield new ChainCost(0, (n + 1) * start, 0, 0);
      }
      case RANKING, RANDOM -> NONE;
    };
  }

  /** Reading all steps in their chain, each alone, and in their chain by the control. */
  private static ChainCost prediction(Unsearched chain) {
    long specialTokens = 2 * chain.steps();
    long alone = chain.whole() - chain.prompt() + specialTokens;
    return new ChainCost(0, chain.whole() + alone, 0, chain.whole());
  }
}
