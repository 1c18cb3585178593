package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Labelings;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.engine.host.Progress;
import dev.sonde.statistics.Auroc;
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
final class NullDistribution {
  /** Labelings that are fitted at once: bounds memory. */
  private static final int AT_ONCE = 256;

  private final CrossValidation validation;
  private final List<Labelings> labelings = new ArrayList<>();
  private final Map<String, double[]> largest = new LinkedHashMap<>();

  NullDistribution(CrossValidation validation, List<Targets> labelings) {
    this.validation = validation;
    for (int from = 0; from < labelings.size(); from += AT_ONCE) {
      int to = Math.min(from + AT_ONCE, labelings.size());
      this.labelings.add(new Labelings(labelings.subList(from, to)));
    }
  }

  /** Fits decoders at all hook points, on the first so many labelings. */
  void draw(
      Map<String, Decoder> decoders,
      Collection<Matrix> sites,
      int draws,
      Attempts attempts,
      Progress at) {
    int done = 0;
    for (Matrix features : sites) {
      at.at("permutations for " + String.join(", ", decoders.keySet()), done++, sites.size());
      int from = 0;
      for (Labelings some : labelings(draws)) {
        for (Map.Entry<String, Decoder> decoder : decoders.entrySet()) {
          double[] reached = reached(decoder.getKey(), draws);
          int first = from;
          attempts.attempt(
              decoder.getKey(),
              "permutations",
              () -> {
                raise(reached, decoder.getValue(), features, some, first);
                return reached;
              });
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

  private double[] reached(String decoder, int draws) {
    return largest.computeIfAbsent(
        decoder,
        name -> {
          double[] none = new double[draws];
          Arrays.fill(none, -1);
          return none;
        });
  }

  private void raise(double[] reached, Decoder decoder, Matrix features, Labelings some, int from) {
    double[][] scores = validation.scores(split -> features, decoder, some);
    for (int l = 0; l < scores.length; l++) {
      double merit = merit(scores[l], some.all().get(l));
      reached[from + l] = Math.max(reached[from + l], Scored.rank(merit));
    }
  }

  private double merit(double[] scores, Targets labeling) {
    if (labeling.kind() == Targets.Kind.REAL) {
      return new HeldOutScores(scores, validation.splits(), labeling).merit().value();
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

  /**
   * Per labeling the largest figure over some decoders, which were given equally many labelings.
   */
  double[] largest(Collection<String> decoders) {
    double[][] each =
        decoders.stream()
            .map(name -> largest.getOrDefault(name, new double[0]))
            .toArray(double[][]::new);
    return IntStream.range(0, each[0].length)
        .mapToDouble(l -> Arrays.stream(each).mapToDouble(reached -> reached[l]).max().orElse(-1))
        .toArray();
  }
}
