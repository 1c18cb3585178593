package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.host.Progress;
import dev.sonde.statistics.Auroc;
import dev.sonde.statistics.PValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What exchanged labels reach: per decoder and labeling, the largest figure over all hook points.
 * Every decoder is given the same labelings, so that the largest over decoders is known as well.
 */
final class PermutationTest {
  /** Labelings that are fitted at once: bounds memory. */
  private static final int AT_ONCE = 256;

  private final CrossValidation validation;
  private final List<Labelings> labelings = new ArrayList<>();
  private final int count;
  private final Map<String, double[]> largest = new LinkedHashMap<>();

  PermutationTest(CrossValidation validation, List<Targets> labelings) {
    this.validation = validation;
    this.count = labelings.size();
    for (int from = 0; from < labelings.size(); from += AT_ONCE) {
      int to = Math.min(from + AT_ONCE, labelings.size());
      this.labelings.add(new Labelings(labelings.subList(from, to)));
    }
  }

  /** Fits decoders at all hook points, on the first so many labelings. */
  void run(Map<String, Decoder> decoders, Collection<Matrix> sites, int draws, Progress at) {
    int done = 0;
    for (Matrix features : sites) {
      at.at("permutations for " + String.join(", ", decoders.keySet()), done++, sites.size());
      int from = 0;
      for (Labelings some : labelings(draws)) {
        for (Map.Entry<String, Decoder> decoder : decoders.entrySet()) {
          run(decoder.getKey(), decoder.getValue(), features, some, from, draws);
        }
        from += some.all().size();
      }
    }
  }

  /** The first so many, as they are kept, or cut where they are fewer. */
  private List<Labelings> labelings(int draws) {
    List<Labelings> first = new ArrayList<>();
    int taken = 0;
    for (Labelings some : labelings) {
      int more = Math.min(draws - taken, some.all().size());
      if (more > 0) {
        first.add(more == some.all().size() ? some : new Labelings(some.all().subList(0, more)));
        taken += more;
      }
    }
    return first;
  }

  private void run(
      String name, Decoder decoder, Matrix features, Labelings some, int from, int draws) {
    double[] reached =
        largest.computeIfAbsent(
            name,
            n -> {
              double[] none = new double[draws];
              Arrays.fill(none, -1);
              return none;
            });
    double[][] scores = validation.scores(split -> features, decoder, some);
    for (int l = 0; l < scores.length; l++) {
      double merit = merit(scores[l], some.all().get(l));
      reached[from + l] = Math.max(reached[from + l], Double.isNaN(merit) ? -1 : merit);
    }
  }

  private double merit(double[] scores, Targets labeling) {
    if (labeling.kind() == Targets.Kind.REAL) {
      return new HeldOut(scores, validation.splits(), labeling).merit().value();
    }
    Auroc.Pairs pairs = new Auroc.Pairs(0, 0);
    for (Split split : validation.splits()) {
      int[] rows = split.test();
      double[] held = new double[rows.length];
      boolean[] positive = new boolean[rows.length];
      for (int i = 0; i < rows.length; i++) {
        held[i] = scores[rows[i]];
        positive[i] = labeling.positive(rows[i]);
      }
      pairs = pairs.plus(Auroc.count(held, positive));
    }
    return pairs.auroc();
  }

  /** The share of labelings, the observed one among them, that reach as much. */
  double p(String decoder, double observed) {
    return PValues.of(observed, largest.getOrDefault(decoder, new double[0]));
  }

  /** The same for the largest over several decoders that were given equally many labelings. */
  double p(Collection<String> decoders, double observed) {
    double[] overall =
        IntStream.range(0, count)
            .mapToDouble(
                l ->
                    decoders.stream()
                        .mapToDouble(name -> largest.getOrDefault(name, new double[0])[l])
                        .max()
                        .orElse(-1))
            .toArray();
    return PValues.of(observed, overall);
  }
}
