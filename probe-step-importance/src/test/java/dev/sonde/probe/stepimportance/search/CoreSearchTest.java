package dev.sonde.probe.stepimportance.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probe.stepimportance.LetterPairs;
import dev.sonde.probe.stepimportance.answer.TestedMasks.Sampled;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.attribution.Root;
import dev.sonde.probe.stepimportance.attribution.StepScores;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.StepTokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Searches for the core in made-up worlds in which it is known which subsequences pass. */
class CoreSearchTest {
  private static final double TAU = 0.8;
  private static final double[] THETAS = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};

  @Test
  void whatIsLeftPassesAndIsOneMinimal() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int steps = 2 + random.nextInt(8);
      Mask needed = drawn(random, steps);
      Mask other = drawn(random, steps);
      Predicate<Mask> passes = mask -> mask.covers(needed) || mask.covers(other);

      SearchResult.Core found = search(steps, passes, order(shuffled(steps, random)));

      Mask core = found.core();
      assertThat(passes.test(core)).isTrue();
      assertThat(core.size()).isLessThanOrEqualTo(found.start().size());
      for (int step : core.without(steps - 1).steps()) {
        assertThat(passes.test(core.without(step))).isFalse();
      }
      assertThat(core.has(steps - 1)).isTrue();
    }
  }

  @Test
  void theThresholdStageStopsAtTheFirstMaskThatPasses() {
    double[][] cells = new double[5][5];
    cells[4][3] = 0.6;
    cells[4][1] = 0.3;
    cells[4][0] = 0.1;
    Mask needed = Mask.of(1, 4);

    SearchResult.Core found = search(5, mask -> mask.covers(needed), influence(cells));

    assertThat(found.theta()).isEqualTo(0.7);
    assertThat(found.start()).isEqualTo(Mask.of(1, 3, 4));
    assertThat(found.core()).isEqualTo(needed);
  }

  @Test
  void whereNoThresholdSufficesAllStepsAreKept() {
    SearchResult.Core found = search(3, mask -> false, influence(new double[3][3]));

    assertThat(found.theta()).isNaN();
    assertThat(found.core()).isEqualTo(Mask.first(3));
  }

  @Test
  void aRankingsRemovableStepsGoAtOnceIfTheRestPasses() {
    Guidance ranked =
        new Guidance(
            SearchVariant.RANKING,
            Optional.empty(),
            Mask.of(0, 1),
            List.of(List.of(2, 0, 1)),
            StepScores.NONE);

    SearchResult.Core gone = search(4, mask -> mask.covers(Mask.of(3)), ranked);
    assertThat(gone.start()).isEqualTo(Mask.of(2, 3));
    assertThat(gone.core()).isEqualTo(Mask.of(3));

    SearchResult.Core kept = search(4, mask -> mask.covers(Mask.of(0, 3)), ranked);
    assertThat(kept.start()).isEqualTo(Mask.first(4));
    assertThat(kept.core()).isEqualTo(Mask.of(0, 3));
  }

  @Test
  void theQueueNeverRemovesTheRootNorWhatIsGuardedBeforeIt() {
    Answers all = answers(mask -> true);
    Guidance order = order(List.of(3, 2, 1, 0));

    assertThat(core(Root.LAST_STEP, false, order, all)).isEqualTo(Mask.of(3));
    assertThat(core(Root.LAST_STEP, true, order, all)).isEqualTo(Mask.of(2, 3));
    assertThat(core(Root.ANSWER, false, order, all)).isEqualTo(Mask.of());
    assertThat(core(Root.ANSWER, true, order, all)).isEqualTo(Mask.of(3));
  }

  private static Mask core(Root root, boolean guardBeforeRoot, Guidance order, Answers answers) {
    CoreSearch search = new CoreSearch(TAU, THETAS, root, guardBeforeRoot);
    return search.run(Mask.first(4), order, answers).core();
  }

  /** A search whose last step is guarded. */
  private static SearchResult.Core search(int steps, Predicate<Mask> passes, Guidance by) {
    return new CoreSearch(TAU, THETAS, Root.LAST_STEP, false)
        .run(Mask.first(steps), by, answers(passes));
  }

  private static Answers answers(Predicate<Mask> passes) {
    return new Answers() {
      @Override
      public List<Sampled> sampled(List<Mask> masks) {
        List<String> texts = List.of("", "", "", "", "");
        return masks.stream().map(m -> new Sampled(passes.test(m) ? 5 : 0, texts)).toList();
      }

      @Override
      public double attainability(Mask mask) {
        return 1;
      }
    };
  }

  private static Guidance influence(double[][] cells) {
    InfluenceMatrix matrix = new InfluenceMatrix(cells, Mask.first(cells.length).steps());
    return Guidance.by(SearchVariant.ACTIVATION, matrix, false);
  }

  private static Guidance order(List<Integer> steps) {
    return Guidance.by(SearchVariant.RANDOM, List.of(steps), StepScores.NONE);
  }

  private static Mask drawn(Random random, int steps) {
    Mask mask = Mask.of(steps - 1);
    for (int step = 0; step < steps; step++) {
      mask = random.nextInt(3) == 0 ? mask.with(step) : mask;
    }
    return mask;
  }

  private static List<Integer> shuffled(int steps, Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, steps).boxed().toList());
    Collections.shuffle(order, random);
    return order;
  }

  @Test
  void whatCannotBeAttainedIsNotSampled() {
    List<Mask> asked = new ArrayList<>();
    Answers answers =
        new Answers() {
          @Override
          public List<Sampled> sampled(List<Mask> masks) {
            asked.addAll(masks);
            return masks.stream().map(m -> new Sampled(5, List.of("", "", "", "", ""))).toList();
          }

          @Override
          public double attainability(Mask mask) {
            return mask.has(1) ? 1 : 0.5;
          }
        };

    SearchResult.Core found =
        new CoreSearch(TAU, THETAS, Root.LAST_STEP, false)
            .run(Mask.first(4), order(List.of(0, 1, 2)), answers);

    assertThat(found.core()).isEqualTo(Mask.of(1, 3));
    assertThat(found.trials()).isEqualTo(new SearchResult.Trials(2, 0, 2));
    assertThat(asked).allMatch(mask -> mask.has(1));
  }

  @Test
  void whereOneStepAfterTheOtherCannotGoTheNextAreAskedForTogether() {
    List<Integer> together = new ArrayList<>();
    Answers answers =
        new Answers() {
          @Override
          public List<Sampled> sampled(List<Mask> masks) {
            together.add(masks.size());
            return masks.stream().map(m -> new Sampled(0, List.of("", "", "", "", ""))).toList();
          }

          @Override
          public double attainability(Mask mask) {
            return 1;
          }
        };
    List<Integer> eight = IntStream.range(0, 8).boxed().toList();

    SearchResult.Core found =
        new CoreSearch(TAU, THETAS, Root.ANSWER, false).run(Mask.first(8), order(eight), answers);

    assertThat(found.core()).isEqualTo(Mask.first(8));
    assertThat(found.trials()).isEqualTo(new SearchResult.Trials(0, 8, 0));
    assertThat(together).filteredOn(masks -> masks > 1).containsExactly(2, 4);
  }

  @Test
  void aStepHasALabelByChanceOnlyWhereAllOrdersAgree() {
    Predicate<Mask> passes = mask -> mask.has(0) && (mask.has(1) || mask.has(2));
    Guidance two =
        Guidance.by(
            SearchVariant.RANDOM,
            List.of(List.of(1, 2, 3, 0), List.of(2, 1, 3, 0)),
            StepScores.NONE);

    SearchResult.Core found =
        new CoreSearch(TAU, THETAS, Root.ANSWER, false).run(Mask.first(4), two, answers(passes));

    assertThat(found.found()).containsExactly(Mask.of(0, 2), Mask.of(0, 1));
    assertThat(found.size()).isEqualTo(2);
    Chain chain =
        StepTokens.chain(new LetterPairs(), "id", "g", "pq", false, List.of("aa", "bb", "cc", "dd"))
            .orElseThrow();
    SearchResult result =
        new SearchResult(chain, List.of(), Mask.first(4), List.of(found), List.of(), false);
    assertThat(IntStream.range(0, 4).mapToObj(step -> result.label(found, step)))
        .containsExactly(
            SearchResult.Label.IMPORTANT,
            SearchResult.Label.UNLABELLED,
            SearchResult.Label.UNLABELLED,
            SearchResult.Label.REMOVABLE);
  }
}
