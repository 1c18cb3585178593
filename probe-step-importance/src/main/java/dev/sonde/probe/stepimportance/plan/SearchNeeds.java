package dev.sonde.probe.stepimportance.plan;

import dev.sonde.api.config.Config;
import dev.sonde.api.data.Example;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.Needs;
import dev.sonde.probe.stepimportance.answer.Elicitation;
import dev.sonde.probe.stepimportance.answer.Endings;
import dev.sonde.probe.stepimportance.answer.OwnAnswers;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.ChainReader;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.plan.ChainCost.Unsearched;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Bounds of the search in every row, and what it will probably take. Of a chain that the model is
 * to write only the longest is known, so its bound, a step for each token, is far away.
 */
public final class SearchNeeds {
  /** Tokens of a step that a model writes; a sentence has about so many. */
  private static final int TOKENS_OF_A_STEP = 20;

  private static final int FEWEST_STEPS = 2;

  private final Config config;
  private final Inputs inputs;
  private final Model model;
  private final ChainReader reader;
  private final Elicitation elicitation;
  private final SearchOptions options;
  private ChainCost most = ChainCost.NONE;
  private ChainCost probable = ChainCost.NONE;
  private int searched;
  private int written;

  private SearchNeeds(
      Config config,
      Inputs inputs,
      ChainReader reader,
      Elicitation elicitation,
      List<SearchVariant> variants) {
    this.config = config;
    this.inputs = inputs;
    this.model = inputs.model();
    this.reader = reader;
    this.elicitation = elicitation;
    this.options = SearchOptions.of(config, variants);
  }

  /**
   * What a run takes.
   *
   * @param reader of the main model's chains
   * @param elicitation of the main model
   */
  public static Needs of(
      Config config,
      Inputs inputs,
      ChainReader reader,
      Elicitation elicitation,
      List<SearchVariant> variants) {
    SearchNeeds needs = new SearchNeeds(config, inputs, reader, elicitation, variants);
    inputs.study().examples().forEach(needs::add);
    return needs.needs();
  }

  private Needs needs() {
    Needs needs =
        Needs.none()
            .runs(most.forward())
            .expects(Math.min(probable.forward(), most.forward()))
            .backward(most.backward())
            .remark(
                String.format(
                    Locale.ROOT,
                    "at most %,d subsequences of %d chains are tested, probably about %,d; what"
                        + " they share at their beginning is counted each time",
                    most.tests(),
                    searched,
                    probable.tests()));
    if (written > 0) {
      needs =
          needs.remark(
              "%d chains are not there yet: the model writes at most %d tokens of each, and a step for each token is the bound"
                  .formatted(written, config.integer("chain_tokens")));
    }
    boolean predicts = !config.string("probe").equals("none");
    return predicts ? needs.withControl(most.control()) : needs;
  }

  private void add(Example example) {
    Optional<OrSkipped<Chain>> given = reader.given(example);
    if (given.isEmpty()) {
      addWritten(example);
    } else {
      given.get().value().ifPresent(chain -> addGiven(example, chain));
    }
  }

  private void addGiven(Example example, Chain chain) {
    long further =
        inputs.models().stream()
            .mapToLong(name -> tokens(inputs.model(name), chain.prompt() + chain.text()))
            .sum();
    Unsearched unsearched =
        unsearched(example, chain.promptTokens(), chain.tokens().length, chain.size());
    add(example, unsearched, unsearched, further);
  }

  private static long tokens(Model other, String text) {
    return other.tokenizer().encode(text, true).size();
  }

  private void addWritten(Example example) {
    int prompt = reader.promptTokens(example);
    int room = model.capabilities().longestContext() - prompt;
    int most = Math.min(config.integer("chain_tokens"), room);
    if (prompt == 0 || most <= 0) {
      return;
    }
    written++;
    ChainCost writing = ChainCost.NONE.plusForward(prompt + most);
    this.most = this.most.plus(writing);
    int usual = Math.max(1, most / 2);
    probable = probable.plus(ChainCost.NONE.plusForward(prompt + usual));
    int steps = Math.max(FEWEST_STEPS, usual / TOKENS_OF_A_STEP);
    add(
        example,
        unsearched(example, prompt, prompt + most, most),
        unsearched(example, prompt, prompt + usual, steps),
        (long) inputs.models().size() * (prompt + most));
  }

  private void add(Example example, Unsearched longest, Unsearched usual, long further) {
    long context = model.capabilities().longestContext();
    if (usual.whole() + usual.asking() + OwnAnswers.MOST_TOKENS > context) {
      return;
    }
    if (!ownAnswer() && !example.has(config.string("answer_column"))) {
      most = most.plusForward(ChainCost.ownAnswer(longest));
      probable = probable.plusForward(ChainCost.ownAnswer(usual));
      return;
    }
    searched++;
    most = most.plus(ChainCost.most(longest, options));
    probable = probable.plus(ChainCost.probable(usual, options));
    if (options.predicts()) {
      most = most.plusForward(further);
      probable = probable.plusForward(further);
    }
  }

  private boolean ownAnswer() {
    return config.string("answer").equals("own");
  }

  private Unsearched unsearched(Example example, long prompt, long whole, long steps) {
    String column = config.string("answer_column");
    boolean known = !ownAnswer() && example.has(column);
    Endings endings = elicitation.endings(known ? example.text(column).strip() : "");
    long unknown = known ? 0 : OwnAnswers.MOST_TOKENS;
    long formed = Math.max(endings.formed().length, endings.direct().length) + unknown;
    long written = (long) endings.elicitation().length + OwnAnswers.MOST_TOKENS;
    return new Unsearched(
        prompt,
        whole,
        steps,
        Math.max(endings.elicitation().length, endings.empty().length),
        Math.max(formed, written),
        Math.max(endings.most(), config.integer("answer_tokens") > 0 ? 0 : 2 * unknown));
  }
}
