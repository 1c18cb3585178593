package dev.sonde.probe.stepimportance.search;

import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.attribution.AttentionSuppression;
import dev.sonde.probe.stepimportance.attribution.Attribution;
import dev.sonde.probe.stepimportance.attribution.GradientNorm;
import dev.sonde.probe.stepimportance.attribution.GradientTimesInput;
import dev.sonde.probe.stepimportance.attribution.GradientTimesInput.Form;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.attribution.Resampling;
import dev.sonde.probe.stepimportance.attribution.Root;
import dev.sonde.probe.stepimportance.attribution.StepScores;
import dev.sonde.probe.stepimportance.attribution.Window;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** Finds what each variant of the search goes by, for all chains of a cohort together. */
public final class Guides {
  private final Model model;
  private final List<SearchVariant> variants;
  private final Root root;
  private final boolean queueByRoot;
  private final int orders;
  private final StepRankings rankings;
  private final Resampling resampling;
  private final TokenCosts costs;

  /**
   * Guides for some variants.
   *
   * @param root what influence is followed back from
   * @param queueByRoot whether the greedy queue goes by influence on the root, not by the mean over
   *     later steps
   * @param orders how many random orders are tried
   */
  public Guides(
      Model model,
      List<SearchVariant> variants,
      Root root,
      boolean queueByRoot,
      int orders,
      StepRankings rankings,
      Resampling resampling,
      TokenCosts costs) {
    this.model = model;
    this.variants = List.copyOf(variants);
    this.root = root;
    this.queueByRoot = queueByRoot;
    this.orders = orders;
    this.rankings = rankings;
    this.resampling = resampling;
    this.costs = costs;
  }

  /** Per chain, one guidance for each variant, or why the chain is left out. */
  List<OrSkipped<List<Guidance>>> of(List<SufficientPrefix> prefixes) {
    List<List<OrSkipped<Guidance>>> all =
        variants.stream().map(variant -> of(variant, prefixes)).toList();
    return IntStream.range(0, prefixes.size())
        .mapToObj(chain -> OrSkipped.all(all.stream().map(each -> each.get(chain)).toList()))
        .toList();
  }

  private List<OrSkipped<Guidance>> of(SearchVariant variant, List<SufficientPrefix> prefixes) {
    return switch (variant) {
      case ACTIVATION -> byInfluence(variant, new GradientNorm(), prefixes);
      case GRADIENT_X_INPUT -> byInfluence(variant, GradientTimesInput.plain(Form.NORM), prefixes);
      case GRADIENT_X_INPUT_SUM ->
          byInfluence(variant, GradientTimesInput.plain(Form.SUM), prefixes);
      case INTEGRATED_GRADIENTS ->
          byInfluence(variant, GradientTimesInput.integrated(Form.NORM), prefixes);
      case INTEGRATED_GRADIENTS_SUM ->
          byInfluence(variant, GradientTimesInput.integrated(Form.SUM), prefixes);
      case SUPPRESSION -> byInfluence(variant, new AttentionSuppression(), prefixes);
      case RESAMPLING -> byResampling(prefixes);
      case RANKING -> prefixes.stream().map(this::ranked).toList();
      case RANDOM -> prefixes.stream().map(this::random).map(OrSkipped::of).toList();
    };
  }

  /** Influence within all prefixes of more than one row is asked for in one go. */
  private List<OrSkipped<Guidance>> byInfluence(
      SearchVariant variant, Attribution by, List<SufficientPrefix> prefixes) {
    List<Window> windows =
        prefixes.stream().map(prefix -> Window.of(prefix.chain(), prefix.steps(), root)).toList();
    List<Window> asked = windows.stream().filter(window -> window.size() > 1).toList();
    Iterator<InfluenceMatrix> matrices =
        asked.isEmpty() ? Collections.emptyIterator() : by.of(model, asked, costs).iterator();
    List<OrSkipped<Guidance>> guidance = new ArrayList<>();
    for (Window window : windows) {
      boolean single = window.size() == 1;
      InfluenceMatrix matrix = single ? window.matrix(new double[1][1]) : matrices.next();
      if (!matrix.isFinite()) {
        guidance.add(OrSkipped.skipped(SkipReason.NON_FINITE));
      } else if (!single && matrix.total(matrix.size() - 1) == 0) {
        guidance.add(OrSkipped.skipped(SkipReason.ZERO_INFLUENCE));
      } else {
        guidance.add(OrSkipped.of(Guidance.by(variant, matrix, queueByRoot)));
      }
    }
    return guidance;
  }

  /** What the ranking leaves out goes last. */
  private OrSkipped<Guidance> ranked(SufficientPrefix prefix) {
    Optional<StepRankings.Ranking> known = rankings.of(prefix.chain().chain().id());
    if (known.isEmpty()) {
      return OrSkipped.skipped(SkipReason.UNRANKED);
    }
    StepRankings.Ranking ranking = known.get();
    List<Integer> order = new ArrayList<>(ranking.order());
    steps(prefix).filter(step -> !order.contains(step)).forEach(order::add);
    return OrSkipped.of(
        new Guidance(
            SearchVariant.RANKING,
            Optional.empty(),
            ranking.removable(),
            List.of(order),
            StepScores.NONE));
  }

  private Guidance random(SufficientPrefix prefix) {
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(prefix.chain().seed());
    List<List<Integer>> all = new ArrayList<>();
    for (int order = 0; order < orders; order++) {
      List<Integer> shuffled = new ArrayList<>(steps(prefix).boxed().toList());
      Collections.shuffle(shuffled, random);
      all.add(shuffled);
    }
    return Guidance.by(SearchVariant.RANDOM, all, StepScores.NONE);
  }

  /** The least important first; a step of which nothing is known as if it were of no importance. */
  private List<OrSkipped<Guidance>> byResampling(List<SufficientPrefix> prefixes) {
    List<StepScores> scores =
        resampling.of(
            prefixes.stream().map(SufficientPrefix::chain).toList(),
            prefixes.stream().map(SufficientPrefix::steps).toList());
    List<OrSkipped<Guidance>> guidance = new ArrayList<>();
    for (int i = 0; i < prefixes.size(); i++) {
      int[] steps = prefixes.get(i).steps().steps();
      StepScores own = scores.get(i);
      List<Integer> order =
          IntStream.range(0, steps.length)
              .boxed()
              .sorted(Comparator.comparingDouble(place -> known(own, place)))
              .map(place -> steps[place])
              .toList();
      guidance.add(OrSkipped.of(Guidance.by(SearchVariant.RESAMPLING, List.of(order), own)));
    }
    return guidance;
  }

  private static double known(StepScores scores, int place) {
    double value = scores.of(place).getOrDefault(Resampling.IMPORTANCE, Double.NaN);
    return Double.isNaN(value) ? 0 : value;
  }

  private static IntStream steps(SufficientPrefix prefix) {
    return IntStream.of(prefix.steps().steps());
  }
}
