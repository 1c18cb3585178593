package dev.sonde.probe.stepimportance.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probe.stepimportance.plan.ChainCost.Unsearched;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainCostTest {
  private static final SearchOptions BY_CHANCE =
      new SearchOptions(List.of(SearchVariant.RANDOM), 10, 5, 1, 100, 50, false);

  private static Unsearched chain(int steps) {
    return new Unsearched(10, 10 + 7L * steps, steps, 2, 6, 4);
  }

  @Test
  void aShortChainHasNoMoreTestsThanSubsequences() {
    assertThat(ChainCost.most(chain(3), BY_CHANCE).tests()).isEqualTo(8);
  }

  @Test
  void aLongerChainTestsEachPrefixAndStepAndWhatItsQueueMayTry() {
    int ends = 2 + 2 * 6;
    int queue = 6 + 5 + 4 + 3 + 2 + 1;
    assertThat(ChainCost.most(chain(6), BY_CHANCE).tests()).isEqualTo(ends + queue);
  }

  @Test
  void everyObjectiveOfAGradientRunsTheChainBackwardButNotThePrompt() {
    SearchOptions byGradient =
        new SearchOptions(List.of(SearchVariant.ACTIVATION), 10, 5, 3, 100, 50, false);
    int behindThePrompt = 7 * 4 + 6;
    assertThat(ChainCost.most(chain(4), byGradient).backward()).isEqualTo(4 * behindThePrompt);
  }

  @Test
  void theControlReadsEachChainOnce() {
    SearchOptions predicting =
        new SearchOptions(List.of(SearchVariant.RANDOM), 10, 5, 1, 100, 50, true);
    assertThat(ChainCost.most(chain(4), predicting).control()).isEqualTo(10 + 7 * 4);
    assertThat(ChainCost.most(chain(4), BY_CHANCE).control()).isZero();
  }

  @Test
  void eachRandomOrderMayGoThroughTheQueue() {
    SearchOptions three =
        new SearchOptions(List.of(SearchVariant.RANDOM), 10, 5, 3, 100, 50, false);
    assertThat(ChainCost.most(chain(9), three).tests())
        .isEqualTo(ChainCost.most(chain(9), BY_CHANCE).tests() + 2 * 45);
  }

  @Test
  void resamplingWritesItsRolloutsFromEveryPlace() {
    SearchOptions resampling =
        new SearchOptions(List.of(SearchVariant.RESAMPLING), 10, 5, 3, 100, 50, false);
    long written = 5 * 100 * 50L;
    assertThat(ChainCost.most(chain(4), resampling).forward()).isGreaterThan(2 * written);
  }
}
