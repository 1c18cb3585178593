package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.statistics.MadeUpRows.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How often 95 % intervals hold the true value, over data sets of which it is known: what
 * docs/statistics.md says. Few groups make them too narrow.
 */
class IntervalCoverageTest {
  private static final int SETS = 800;
  private static final int DRAWS = 1000;

  /** Three standard errors of a share of 0.9 in 800 data sets. */
  private static final double BAND = 0.03;

  private static final double SHIFT = 1;

  /** Φ(1 / √(2 (1 + 0.7²))): a pair of a positive and a negative row of different groups. */
  private static final double AUROC = 0.7189;

  @Test
  void intervalsOfMeansHoldTheTrueValueAsOftenAsThePageSays() throws IOException {
    page()
        .forEach(
            (groups, said) ->
                assertThat(ofMeans(groups, false))
                    .as("%d", groups)
                    .isCloseTo(said[0], within(BAND)));
  }

  @Test
  void intervalsOfAurocsHoldTheTrueValueAsOftenAsThePageSays() throws IOException {
    page()
        .forEach(
            (groups, said) ->
                assertThat(ofAurocs(groups)).as("%d", groups).isCloseTo(said[1], within(BAND)));
  }

  @Test
  void drawingRowsInsteadOfGroupsWouldBeSeen() throws IOException {
    assertThat(page()).hasSize(4);
    page()
        .forEach(
            (groups, said) -> assertThat(ofMeans(groups, true)).isLessThan(said[0] - 2 * BAND));
  }

  /** Lines of the page: groups, coverage of means, coverage of AUROCs. */
  private static Map<Integer, double[]> page() throws IOException {
    Map<Integer, double[]> lines = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/statistics.md"))) {
      if (line.matches("\\| \\d+ \\| 0\\.\\d+ \\| 0\\.\\d+ \\|")) {
        double[] cells =
            Arrays.stream(line.substring(2, line.length() - 2).split(" \\| "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        lines.put((int) cells[0], new double[] {cells[1], cells[2]});
      }
    }
    return lines;
  }

  private static double ofMeans(int count, boolean ofRows) {
    Random random = new Random(count);
    int held = 0;
    for (int set = 0; set < SETS; set++) {
      MadeUpRows rows = MadeUpRows.draw(count, Labels.OF_GROUPS, 0, random);
      Groups drawn = ofRows ? Groups.ofSingleRows(rows.scores().length) : rows.groups();
      Estimate mean = new ClusterBootstrap(drawn, DRAWS, random).mean(rows.scores());
      held += mean.interval().excludes(0) ? 0 : 1;
    }
    return held / (double) SETS;
  }

  private static double ofAurocs(int count) {
    Random random = new Random(count);
    int held = 0;
    for (int set = 0; set < SETS; set++) {
      MadeUpRows rows = MadeUpRows.draw(count, Labels.OF_GROUPS, SHIFT, random);
      Auroc auroc = Auroc.of(rows.scores(), rows.positive());
      Interval interval =
          new ClusterBootstrap(rows.groups(), DRAWS, random)
              .interval(weights -> auroc.pairs(weights).auroc());
      held += interval.excludes(AUROC) ? 0 : 1;
    }
    return held / (double) SETS;
  }
}
