package dev.sonde.probe.stepimportance.search;

import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.attribution.AttentionSuppression;
import dev.sonde.probe.stepimportance.attribution.Attribution;
import dev.sonde.probe.stepimportance.attribution.GradientNorm;
import dev.sonde.probe.stepimportance.attribution.GradientTimesInput;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.attribution.Resampling;
import dev.sonde.probe.stepimportance.attribution.Root;
import dev.sonde.probe.stepimportance.attribution.Window;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** Finds what each variant of the search goes by, for all chains of a cohort together. */
public final class Guides {
  private final Model model;
  private final List<SearchVariant> variants;
  private final Root root;
  private final boolean queueByRoot;
  private final StepRankings rankings;
  private final Resampling resampling;
  private final TokenCosts costs;

  /**
   * Guides for some variants.
   *
   * @param root what influence is followed back from
   * @param queueByRoot whether the greedy queue goes by influence on the root, not by the mean over
   *     later steps
   */
  public Guides(
      Model model,
      List<SearchVariant> variants,
      Root root,
      boolean queueByRoot,
      StepRankings rankings,
      Resampling resampling,
      TokenCosts costs) {
    this.model = model;
    this.variants = List.copyOf(variants);
    this.root = root;
    this.queueByRoot = queueByRoot;
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
      case GRADIENT_X_INPUT -> byInfluence(variant, GradientTimesInput.plain(), prefixes);
      case INTEGRATED_GRADIENTS -> byInfluence(variant, GradientTimesInput.integrated(), prefixes);
      case SUPPRESSION -> byInfluence(variant, new AttentionSuppression(), prefixes);
      case RESAMPLING ->
          each(
              prefixes,
              prefix -> Guidance.by(variant, resampling.order(prefix.chain(), prefix.steps())));
      case RANKING -> each(prefixes, this::ranked);
      case RANDOM -> each(prefixes, prefix -> Guidance.by(variant, shuffled(prefix)));
    };
  }

  private static List<OrSkipped<Guidance>> each(
      List<SufficientPrefix> prefixes, Function<SufficientPrefix, Guidance> guide) {
    return prefixes.stream().map(guide).map(OrSkipped::of).toList();
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

  /** What the ranking leaves out goes last; without a ranking nothing is removable. */
  private Guidance ranked(SufficientPrefix prefix) {
    StepRankings.Ranking ranking =
        rankings
            .of(prefix.chain().chain().id())
            .orElseGet(() -> new StepRankings.Ranking(Mask.of(), List.of()));
    List<Integer> order = new ArrayList<>(ranking.order());
    steps(prefix).filter(step -> !order.contains(step)).forEach(order::add);
    return new Guidance(SearchVariant.RANKING, Optional.empty(), ranking.removable(), order);
  }

  private static List<Integer> shuffled(SufficientPrefix prefix) {
    List<Integer> order = new ArrayList<>(steps(prefix).boxed().toList());
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(prefix.chain().seed());
    Collections.shuffle(order, random);
    return order;
  }

  private static IntStream steps(SufficientPrefix prefix) {
    return IntStream.of(prefix.steps().steps());
  }
}
