package dev.sonde.probe.influence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.probe.influence.score.MadeRankings;
import dev.sonde.probe.influence.score.Normalisation;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InfluenceFindingsTest {
  private final Random random = new Random(5);

  @Test
  void aPowerLawIsRecovered() {
    double[] values = IntStream.rangeClosed(1, 500).mapToDouble(r -> Math.pow(r, -0.35)).toArray();
    assertThat(PowerLawPlot.slope(values)).isCloseTo(-0.35, within(1e-9));
  }

  @Test
  void everySourceIsAsFrequentAsInTheCorpusWhereAllDocumentsAreAtTheTop() {
    List<String> sources = List.of("a", "b", "a", "c", "a");
    Rankings rankings = MadeRankings.of(random.doubles(5).toArray());
    assertThat(Multipliers.of(sources, rankings, List.of(0), 5).values())
        .allSatisfy(multiplier -> assertThat(multiplier).isCloseTo(1, within(1e-12)));
    Rankings first = MadeRankings.of(0, 9, 0, 0, 0);
    assertThat(Multipliers.of(sources, first, List.of(0), 1))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", 0.0, "b", 5.0, "c", 0.0));
  }

  @Test
  void normalisingDividesByWhatItsNameSays() {
    assertThat(Normalisation.NONE.of(24, 4, 2, 3)).isEqualTo(24);
    assertThat(Normalisation.GRAD_NORM.of(24, 4, 2, 3)).isEqualTo(6);
    assertThat(Normalisation.COSINE.of(24, 4, 2, 3)).isEqualTo(3);
    assertThat(Normalisation.PER_TOKEN.of(24, 4, 2, 3)).isEqualTo(8);
    assertThat(Normalisation.GRAD_NORM.of(24, 0, 2, 3)).isZero();
  }

  @Test
  void correlationsAreMeantOverPairsThatHaveTheSameInCommon() {
    double[] up = {1, 2, 3, 4};
    double[] down = {4, 3, 2, 1};
    double[] bent = {1, 3, 2, 4};
    QueryCorrelation correlation =
        correlation(
            List.of("procedure", "procedure", "procedure", "format_control", "fact"),
            List.of("x", "x", "y", "x", "z"),
            List.of(up, up, down, bent, bent));
    Map<String, QueryCorrelation.Mean> means = correlation.means(100, random);
    assertThat(means.keySet())
        .isEqualTo(
            Set.of("same_procedure", "cross_procedure", "format_control", "fact_and_procedure"));
    assertThat(mean(means, "same_procedure").estimate().value()).isCloseTo(1, within(1e-12));
    assertThat(mean(means, "cross_procedure").estimate().value()).isCloseTo(-1, within(1e-12));
    assertThat(mean(means, "cross_procedure").pairs()).isEqualTo(2);
    assertThat(mean(means, "fact_and_procedure").estimate().value())
        .isCloseTo(0.8 / 3, within(1e-12)); // r of up and bent is 0.8
  }

  @Test
  void aQueryWhoseScoresDoNotVaryHasNoCorrelation() {
    List<String> all = List.of("", "", "");
    double[] up = {1, 2, 3};
    QueryCorrelation correlation =
        correlation(all, all, List.of(up, new double[] {1, 3, 2}, new double[3]));
    QueryCorrelation.Mean mean = mean(correlation.means(100, random), "all");
    assertThat(mean.pairs()).isEqualTo(1);
    assertThat(mean.estimate().value()).isCloseTo(0.5, within(1e-12));
  }

  private static QueryCorrelation correlation(
      List<String> kinds, List<String> relations, List<double[]> scores) {
    return new QueryCorrelation(kinds, relations, Correlation.pearson(scores));
  }

  private static QueryCorrelation.Mean mean(Map<String, QueryCorrelation.Mean> means, String pair) {
    return means.getOrDefault(
        pair, new QueryCorrelation.Mean(new Estimate(Double.NaN, Interval.NONE), 0));
  }

  @Test
  void aPlantedDocumentIsFoundWhereItStandsInTheTopHalfPercent() {
    double[] scores = IntStream.range(0, 1000).mapToDouble(i -> -i).toArray();
    PlantedDocuments planted =
        new PlantedDocuments(
            Map.of(0, Set.of(4, 70), 1, Set.of(5)), PlantedDocuments.top(1000), 10);
    Rankings rankings = MadeRankings.of(List.of(scores, scores));
    assertThat(planted.top()).isEqualTo(5);
    assertThat(planted.hits(rankings)).isEqualTo(1);
    assertThat(planted.medianRank(rankings)).isEqualTo(5.5);
    assertThat(planted.hit(rankings)).hasSize(2).contains(0, 1);
    assertThat(planted.recall(rankings))
        .as("one of two, and the one, stand in the top ten")
        .containsExactlyInAnyOrder(0.5, 1);
    assertThat(planted.reciprocalRank(rankings)).containsExactlyInAnyOrder(1.0 / 5, 1.0 / 6);
    assertThat(planted.chance(1000)).isCloseTo(0.01, within(1e-12));
    assertThat(PlantedDocuments.top(1_000_000))
        .as("no more than every method holds")
        .isEqualTo(100);
  }

  @Test
  void aDocumentAtTheTopOfAQuarterOfAllQueriesIsAHub() {
    List<double[]> scores =
        IntStream.range(0, 8)
            .mapToObj(
                query -> {
                  double[] own = new double[40];
                  own[query] = 2;
                  own[39] = query < 2 ? 3 : -1;
                  for (int other = 8; other < 39; other++) {
                    own[other] = -10 - (other + 5 * query) % 31;
                  }
                  return own;
                })
            .toList();
    Hubs hubs = Hubs.of(MadeRankings.of(scores.subList(0, 8)), 40);
    assertThat(hubs.top()).isEqualTo(4);
    assertThat(hubs.hubs()).contains(new Hubs.Hub(39, 2));
    assertThat(hubs.share()).as("the most frequent document's part").isBetween(2 / 32.0, 1.0);
    assertThat(Hubs.of(MadeRankings.of(scores.subList(0, 4)), 40).hubs())
        .as("a quarter of four queries is no pattern")
        .isEmpty();
  }
}
