package dev.sonde.probe.stepimportance.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Searches against made-up worlds in which it is known which subsequences pass. */
class CoreSearchTest {
  private static final double TAU = 0.8;
  private static final double[] THETAS = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};

  /** Answers every question and remembers it, as a tester does. */
  private static final class World implements Known {
    private final Predicate<Mask> passes;
    private final Map<Mask, Verdict> tested = new HashMap<>();

    World(Predicate<Mask> passes) {
      this.passes = passes;
    }

    void test(List<Mask> masks) {
      for (Mask mask : masks) {
        assertThat(tested).doesNotContainKey(mask);
        tested.put(mask, new Verdict(passes.test(mask) ? 5 : 0, 5, 1));
      }
    }

    @Override
    public Optional<Verdict> of(Mask mask) {
      return Optional.ofNullable(tested.get(mask));
    }
  }

  @Test
  void whatIsLeftPassesAndIsOneMinimal() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int steps = 2 + random.nextInt(8);
      Mask needed = drawn(random, steps);
      Mask other = drawn(random, steps);
      World world = new World(mask -> mask.covers(needed) || mask.covers(other));
      Mask guarded = Mask.of(steps - 1);
      CoreSearch search = search(steps, Guidance.by(shuffled(steps, random)), guarded);
      run(search, world);

      Mask core = search.core();
      assertThat(world.passes.test(core.with(steps - 1))).isTrue();
      assertThat(core.size()).isLessThanOrEqualTo(search.start().size());
      for (int step : core.minus(guarded).steps()) {
        assertThat(world.passes.test(core.without(step))).isFalse();
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
    World world = new World(mask -> mask.covers(needed));
    CoreSearch search =
        search(
            5, Guidance.by(new InfluenceMatrix(cells, Mask.first(5).steps()), false), Mask.of(4));
    run(search, world);

    assertThat(search.theta()).contains(0.7);
    assertThat(search.start()).isEqualTo(Mask.of(1, 3, 4));
    assertThat(search.core()).isEqualTo(needed);
  }

  @Test
  void whereNoThresholdSufficesAllStepsAreKept() {
    World world = new World(mask -> false);
    CoreSearch search =
        search(
            3,
            Guidance.by(new InfluenceMatrix(new double[3][3], Mask.first(3).steps()), false),
            Mask.of(2));
    run(search, world);

    assertThat(search.theta()).isEmpty();
    assertThat(search.core()).isEqualTo(Mask.first(3));
  }

  @Test
  void aRankingsRemovableStepsGoAtOnceIfTheRestPasses() {
    Guidance ranked = new Guidance(Optional.empty(), Mask.of(0, 1), List.of(2, 0, 1));
    World passing = new World(mask -> mask.covers(Mask.of(3)));
    CoreSearch search = search(4, ranked, Mask.of(3));
    run(search, passing);
    assertThat(search.start()).isEqualTo(Mask.of(2, 3));
    assertThat(search.core()).isEqualTo(Mask.of(3));

    World failing = new World(mask -> mask.covers(Mask.of(0, 3)));
    CoreSearch whole = search(4, ranked, Mask.of(3));
    run(whole, failing);
    assertThat(whole.start()).isEqualTo(Mask.first(4));
    assertThat(whole.core()).isEqualTo(Mask.of(0, 3));
  }

  @Test
  void theFirstPrefixIsTheShortestThatSufficesAndTheLastingOneHasNoGapBehindIt() {
    // Sufficient by chance with two steps, then not with three, then from four on.
    World world = new World(mask -> mask.size() == 2 || mask.size() >= 4);
    assertThat(prefix(new SufficientPrefix(Mask.first(6), TAU, false), world)).hasSize(2);
    World again = new World(mask -> mask.size() == 2 || mask.size() >= 4);
    assertThat(prefix(new SufficientPrefix(Mask.first(6), TAU, true), again)).hasSize(4);
  }

  @Test
  void shortcutsAreStepsThatSufficeAloneOrSayTheAnswer() {
    World world = new World(mask -> mask.has(1));
    ShortcutRemoval removal = new ShortcutRemoval(4, TAU, step -> step >= 2, step -> step == 3);
    assertThat(removal.wanted(world)).containsExactly(Mask.of(0), Mask.of(1));
    world.test(removal.wanted(world));
    assertThat(removal.wanted(world)).isEmpty();
    assertThat(removal.remaining(world)).isEqualTo(Mask.of(0, 3));
  }

  private static int[] prefix(SufficientPrefix search, World world) {
    for (List<Mask> next = search.advance(world); !next.isEmpty(); next = search.advance(world)) {
      world.test(next);
    }
    return search.prefix().steps();
  }

  private static CoreSearch search(int steps, Guidance by, Mask guarded) {
    return new CoreSearch(Mask.first(steps), by, guarded, THETAS, TAU);
  }

  private static void run(CoreSearch search, World world) {
    for (List<Mask> next = search.advance(world); !next.isEmpty(); next = search.advance(world)) {
      world.test(next);
    }
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
}
