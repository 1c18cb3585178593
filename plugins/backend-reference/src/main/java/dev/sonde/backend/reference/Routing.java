package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Which experts a token is sent to, and how much each counts. */
record Routing(Router router, Optional<float[]> correction) {
  /** An expert and its weight. */
  record Choice(int expert, double weight) {}

  /** The choices for one token, in the order of the experts' numbers. */
  List<Choice> of(float[] logits) {
    double[] scores =
        router.scores() == Scores.SOFTMAX
            ? Softmax.of(logits)
            : IntStream.range(0, logits.length)
                .mapToDouble(e -> Nonlinearity.sigmoid(logits[e]))
                .toArray();
    double[] ranked = ranked(scores);
    int[] chosen = IntStream.of(highest(ranked, router.chosen())).sorted().toArray();
    double sum = router.least() + IntStream.of(chosen).mapToDouble(e -> scores[e]).sum();
    double share = router.scale() / (router.normalised() ? sum : 1);
    return IntStream.of(chosen).mapToObj(e -> new Choice(e, scores[e] * share)).toList();
  }

  /** Corrected scores; those of groups that are not looked at are out of reach. */
  private double[] ranked(double[] scores) {
    double[] ranked = scores.clone();
    correction.ifPresent(
        added -> {
          for (int e = 0; e < ranked.length; e++) {
            ranked[e] += added[e];
          }
        });
    if (router.groups() == 1) {
      return ranked;
    }
    int size = ranked.length / router.groups();
    double[] best =
        IntStream.range(0, router.groups())
            .mapToDouble(
                g ->
                    DoubleStream.of(Arrays.copyOfRange(ranked, g * size, (g + 1) * size))
                        .map(s -> -s)
                        .sorted()
                        .limit(router.groupBest())
                        .map(s -> -s)
                        .sum())
            .toArray();
    int[] groups = highest(best, router.groupsChosen());
    for (int e = 0; e < ranked.length; e++) {
      int group = e / size;
      if (IntStream.of(groups).noneMatch(g -> g == group)) {
        ranked[e] = Double.NEGATIVE_INFINITY;
      }
    }
    return ranked;
  }

  private static int[] highest(double[] values, int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(e -> -values[e]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
