package dev.sonde.probe.stepimportance.predict;

import dev.sonde.api.config.Config;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.probe.stepimportance.chain.Borders;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.cohort.SearchedChain;
import dev.sonde.probe.stepimportance.learn.StepActivations;
import dev.sonde.probe.stepimportance.learn.Surface;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchResult.Label;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Steps labelled important or removable, as many of one as of the other, chain by chain.
 *
 * @param steps the steps, those of a chain one after the other
 */
public record LabelledSteps(List<Labelled> steps) {
  /** StepTokens that a step alone may have, as in the paper. */
  private static final int MOST_ALONE = 512;

  /** Steps with their list copied. */
  public LabelledSteps {
    steps = List.copyOf(steps);
  }

  /**
   * A step.
   *
   * @param chain the text that the labels are about: the prompt and the sufficient prefix, without
   *     steps that give the answer away
   * @param index its index in it
   */
  public record Labelled(Chain chain, int index, boolean important) {
    Step step() {
      return chain.steps().get(index);
    }
  }

  /** Which chains give labels. */
  public record Rule(SearchVariant variant, int shortest, int longest, boolean dropUnremovable) {
    /** The rule of an experiment. */
    static Rule of(Config config, SearchVariant variant) {
      return new Rule(
          variant,
          config.integer("shortest_labelled"),
          config.integer("longest_labelled"),
          config.flag("drop_unremovable"));
    }

    /** The same for another variant. */
    Rule of(SearchVariant other) {
      return new Rule(other, shortest, longest, dropUnremovable);
    }

    boolean takes(SearchedChain found) {
      SearchResult.Core core = found.core(variant);
      int length = found.result().prefix().size();
      return length >= shortest
          && length <= longest
          && core.passes()
          && !(dropUnremovable && core.removedNothing());
    }
  }

  /** The labelled steps of some chains; the larger class is drawn from. */
  static LabelledSteps of(List<SearchedChain> found, Rule rule, RandomGenerator random) {
    List<Labelled> all = new ArrayList<>();
    for (SearchedChain each : found.stream().filter(rule::takes).toList()) {
      SearchResult result = each.result();
      Chain read = result.searched();
      int[] prefix = result.prefix().steps();
      for (int i = 0; i < prefix.length; i++) {
        Label label = result.label(each.core(rule.variant()), prefix[i]);
        if (label == Label.IMPORTANT || label == Label.REMOVABLE) {
          all.add(new Labelled(read, i, label == Label.IMPORTANT));
        }
      }
    }
    LabelledSteps unbalanced = new LabelledSteps(all);
    int[] rows = IntStream.range(0, all.size()).toArray();
    return unbalanced.at(unbalanced.balanced(rows, random));
  }

  /** Of some rows as many important ones as removable ones; the larger class is drawn from. */
  int[] balanced(int[] rows, RandomGenerator random) {
    List<Integer> important = rows(rows, true);
    List<Integer> removable = rows(rows, false);
    int count = Math.min(important.size(), removable.size());
    Collections.shuffle(important, Random.from(random));
    Collections.shuffle(removable, Random.from(random));
    return IntStream.concat(
            important.stream().limit(count).mapToInt(row -> row),
            removable.stream().limit(count).mapToInt(row -> row))
        .sorted()
        .toArray();
  }

  private List<Integer> rows(int[] rows, boolean important) {
    return new ArrayList<>(
        IntStream.of(rows).filter(row -> steps.get(row).important() == important).boxed().toList());
  }

  /** The steps of some rows. */
  LabelledSteps at(int... rows) {
    return new LabelledSteps(IntStream.of(rows).mapToObj(steps::get).toList());
  }

  int size() {
    return steps.size();
  }

  boolean[] labels() {
    boolean[] labels = new boolean[size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = steps.get(i).important();
    }
    return labels;
  }

  /**
   * Where cohorts of chains begin.
   *
   * @param size chains a cohort
   * @return indices of steps, ascending, 0 the first; none where there are no steps
   */
  int[] cohorts(int size) {
    int[] begins =
        IntStream.range(0, size())
            .filter(i -> i == 0 || !steps.get(i).chain().equals(steps.get(i - 1).chain()))
            .toArray();
    return IntStream.range(0, begins.length)
        .filter(chain -> chain % size == 0)
        .map(chain -> begins[chain])
        .toArray();
  }

  List<String> groups() {
    return steps.stream().map(labelled -> labelled.chain().group()).toList();
  }

  List<String> texts() {
    return steps.stream().map(labelled -> labelled.step().text()).toList();
  }

  /** The steps in their chains, at every position. */
  List<StepActivations.Place> inContext() {
    return steps.stream()
        .map(
            labelled ->
                new StepActivations.Place(
                    labelled.chain().tokens(),
                    StepActivations.positions(
                        labelled.step().fromToken(), labelled.step().toToken())))
        .toList();
  }

  /**
   * The same in the tokens of another model; empty where a step's border lies inside of a token or
   * the chain is longer than the model's context.
   *
   * @param specialTokens whether its tokenizer adds its special tokens to a chain's prompt
   */
  List<Optional<StepActivations.Place>> inContext(Model model, Predicate<Chain> specialTokens) {
    Map<Chain, Borders> known = new HashMap<>();
    return steps.stream()
        .map(
            labelled -> {
              Borders borders =
                  known.computeIfAbsent(
                      labelled.chain(),
                      chain -> Borders.of(model.tokenizer(), chain, specialTokens.test(chain)));
              return borders
                  .steps()
                  .get(labelled.index())
                  .filter(step -> borders.tokens().length <= model.capabilities().longestContext())
                  .map(
                      step ->
                          new StepActivations.Place(
                              borders.tokens(),
                              StepActivations.positions(step.fromToken(), step.toToken())));
            })
        .toList();
  }

  /** Each step alone. */
  List<StepActivations.Place> alone(Tokenizer tokenizer) {
    return steps.stream()
        .map(labelled -> alone(tokenizer, labelled.step().text().strip()))
        .toList();
  }

  private static StepActivations.Place alone(Tokenizer tokenizer, String text) {
    Encoding encoding = tokenizer.encode(text, true);
    int from = 0;
    while (from < encoding.size() - 1 && encoding.ends()[from] == encoding.starts()[from]) {
      from++; // what the tokenizer puts before a text is no part of the step
    }
    int[] tokens = Arrays.copyOf(encoding.ids(), Math.min(encoding.size(), MOST_ALONE));
    return new StepActivations.Place(
        tokens, StepActivations.positions(Math.min(from, tokens.length - 1), tokens.length));
  }

  /** Rows of {@link Surface}. */
  double[][] surface() {
    return steps.stream()
        .map(
            labelled ->
                Surface.of(
                    labelled.step().text(),
                    labelled.step().length(),
                    (double) labelled.index() / Math.max(1, labelled.chain().size() - 1)))
        .toArray(double[][]::new);
  }
}
