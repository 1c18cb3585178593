package dev.sonde.probe.stepimportance.search;

import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** The searches of several chains, round by round: what all of them want next is one request. */
public final class CohortSearch {
  private final Model model;
  private final TestSettings tests;
  private final SearchSettings settings;
  private final Rankings rankings;
  private final Tester tester;
  private final Ledger ledger;

  /** A search on one model. */
  public CohortSearch(
      Model model,
      TestSettings tests,
      SearchSettings settings,
      Rankings rankings,
      Tester tester,
      Ledger ledger) {
    this.model = model;
    this.tests = tests;
    this.settings = settings;
    this.rankings = rankings;
    this.tester = tester;
    this.ledger = ledger;
  }

  /**
   * What became of a chain.
   *
   * @param finding what was found; empty where it was left out
   * @param skipped why it was left out
   */
  public record Result(Optional<Finding> finding, Optional<SkipReason> skipped) {}

  /**
   * Searches all of them.
   *
   * @param necessity the least share of wrong answers without the chain
   * @return one result per subject
   */
  public List<Result> run(List<Subject> subjects, double necessity) {
    tester.scoreDirectAnswers(subjects);
    List<Tester.Ask> first = new ArrayList<>();
    for (Subject subject : subjects) {
      first.add(new Tester.Ask(subject, Mask.of()));
      first.add(new Tester.Ask(subject, Mask.first(subject.chain().size())));
    }
    tester.test(first);
    List<ChainSearch> searches =
        subjects.stream().map(subject -> begun(subject, necessity)).toList();
    testUntilNothingIsWanted(searches);
    guide(searches.stream().filter(search -> search.skipped().isEmpty()).toList());
    testUntilNothingIsWanted(searches);
    return searches.stream()
        .map(
            search ->
                new Result(
                    search.skipped().isPresent() ? Optional.empty() : Optional.of(search.finding()),
                    search.skipped()))
        .toList();
  }

  private ChainSearch begun(Subject subject, double necessity) {
    ChainSearch search = new ChainSearch(subject, tests, settings);
    Verdict without = subject.of(Mask.of()).orElseThrow();
    Verdict whole = subject.of(Mask.first(subject.chain().size())).orElseThrow();
    if (1 - without.sufficiency() < necessity) {
      search.skip(SkipReason.UNNECESSARY);
    } else if (!whole.suffices(tests.tau())) {
      search.skip(SkipReason.NEVER_REACHED);
    }
    return search;
  }

  private void testUntilNothingIsWanted(List<ChainSearch> searches) {
    List<Tester.Ask> asks = asks(searches);
    while (!asks.isEmpty()) {
      tester.test(asks);
      asks = asks(searches);
    }
  }

  private static List<Tester.Ask> asks(List<ChainSearch> searches) {
    List<Tester.Ask> asks = new ArrayList<>();
    for (ChainSearch search : searches) {
      search.advance().forEach(mask -> asks.add(new Tester.Ask(search.subject(), mask)));
    }
    return asks;
  }

  private void guide(List<ChainSearch> searches) {
    for (Variant variant : settings.variants()) {
      switch (variant) {
        case ACTIVATION -> byInfluence(variant, new GradientNorm(), searches);
        case GRADIENT_X_INPUT -> byInfluence(variant, GradientTimesInput.plain(), searches);
        case INTEGRATED_GRADIENTS ->
            byInfluence(variant, GradientTimesInput.integrated(), searches);
        case SUPPRESSION -> byInfluence(variant, new AttentionSuppression(), searches);
        case RESAMPLING -> {
          Resampling resampling = new Resampling(model, tests, tester, ledger);
          searches.forEach(
              s -> s.guide(variant, Guidance.by(resampling.order(s.subject(), s.prefix()))));
        }
        case RANKING -> searches.forEach(search -> search.guide(variant, ranked(search)));
        case RANDOM ->
            searches.forEach(
                s -> s.guide(variant, Guidance.by(shuffled(s.prefix(), s.subject().seed()))));
      }
    }
  }

  private void byInfluence(Variant variant, Attribution by, List<ChainSearch> searches) {
    Map<ChainSearch, Window> windows = new LinkedHashMap<>();
    for (ChainSearch search : searches) {
      Window window = Window.of(search.subject(), search.prefix(), settings.root());
      if (window.size() > 1) {
        windows.put(search, window);
      } else {
        search.guide(variant, Guidance.by(window.matrix(new double[1][1]), settings.queueByRoot()));
      }
    }
    if (windows.isEmpty()) {
      return;
    }
    List<InfluenceMatrix> matrices = by.of(model, List.copyOf(windows.values()), ledger);
    int next = 0;
    for (ChainSearch search : windows.keySet()) {
      InfluenceMatrix matrix = matrices.get(next++);
      if (!matrix.isFinite()) {
        search.skip(SkipReason.NON_FINITE);
      } else if (matrix.total(matrix.size() - 1) == 0) {
        search.skip(SkipReason.ZERO_INFLUENCE);
      } else {
        search.guide(variant, Guidance.by(matrix, settings.queueByRoot()));
      }
    }
  }

  private Guidance ranked(ChainSearch search) {
    Rankings.Ranking ranking =
        rankings
            .of(search.subject().chain().id())
            .orElseGet(() -> new Rankings.Ranking(Mask.of(), List.of()));
    List<Integer> order = new ArrayList<>(ranking.order());
    IntStream.of(search.prefix().steps()).filter(s -> !order.contains(s)).forEach(order::add);
    return new Guidance(Optional.empty(), ranking.removable(), order);
  }

  private static List<Integer> shuffled(Mask prefix, long seed) {
    List<Integer> order = new ArrayList<>();
    IntStream.of(prefix.steps()).forEach(order::add);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Collections.shuffle(order, random);
    return order;
  }
}
