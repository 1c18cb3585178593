package dev.sonde.probe.influence;

import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the model was trained on the documents: Adam with its usual constants, a step size that falls
 * linearly to nothing over all steps.
 *
 * @param batch documents of a step
 * @param rounds how often all documents are gone through
 * @param rate the first step size
 */
record Recipe(int batch, int rounds, double rate) {
  /**
   * The training on some of the documents. Batches are those of all documents in the given order;
   * one that lacks a document is smaller, and one that lacks all is left out without a change to
   * the step sizes of the others.
   *
   * @param order the indices of all documents
   * @param kept the documents that are trained on
   */
  TrainingPlan plan(List<Item> documents, int[] order, BitSet kept) {
    List<Sequence> sequences = documents.stream().map(Item::scored).toList();
    int round = Math.ceilDiv(order.length, batch);
    double steps = (double) round * rounds;
    List<TrainingPlan.Step> plan = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      int from = step % round * batch;
      List<Sequence> own =
          IntStream.range(from, Math.min(from + batch, order.length))
              .map(place -> order[place])
              .filter(kept::get)
              .mapToObj(sequences::get)
              .toList();
      if (!own.isEmpty()) {
        plan.add(TrainingPlan.Step.of(own, rate * (1 - step / steps)));
      }
    }
    return TrainingPlan.of(plan, TrainingPlan.Adam.usual());
  }
}
