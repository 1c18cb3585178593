package dev.sonde.probe.influence.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What trainings without some documents made of queries, found by the documents that were left out:
 * whatever ranked them, an effect belongs to exactly these. Changes are against training on all
 * documents in the same order, their mean over orders.
 */
public final class RemovalBank {
  private final Map<Integer, double[]> full = new HashMap<>();
  private final Map<BitSet, List<Retraining>> byDocuments = new HashMap<>();
  private final List<Retraining> random = new ArrayList<>();
  private final int documents;

  /**
   * From retrainings.
   *
   * @param documents how many there are
   */
  public RemovalBank(Retrainings retrainings, int documents) {
    this.documents = documents;
    retrainings.of(DocumentChoice.FULL).forEach(each -> full.put(each.seed(), each.logP()));
    for (Retraining each : retrainings.all()) {
      boolean removal =
          each.choice() != DocumentChoice.FULL && each.choice() != DocumentChoice.SUBSET;
      if (removal && full.containsKey(each.seed())) {
        byDocuments.computeIfAbsent(each.documents(), set -> new ArrayList<>()).add(each);
        if (each.choice() == DocumentChoice.RANDOM) {
          random.add(each);
        }
      }
    }
  }

  /**
   * The change of each query's log-probability, in nats; empty where nobody trained on exactly
   * these documents.
   *
   * @param kept the documents that are trained on
   */
  public Optional<double[]> changes(BitSet kept) {
    return mean(byDocuments.getOrDefault(kept, List.of()));
  }

  /** The same without documents at random, whatever they were drawn for. */
  public Optional<double[]> changesAtRandom(int removed) {
    return mean(
        random.stream()
            .filter(each -> each.documents().cardinality() == documents - removed)
            .toList());
  }

  private Optional<double[]> mean(List<Retraining> some) {
    if (some.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        IntStream.range(0, some.getFirst().logP().length)
            .mapToDouble(
                query ->
                    some.stream()
                        .mapToDouble(each -> each.logP()[query] - before(each)[query])
                        .average()
                        .orElseThrow())
            .toArray());
  }

  private double[] before(Retraining each) {
    return full.getOrDefault(each.seed(), new double[0]);
  }
}
