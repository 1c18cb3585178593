package dev.sonde.probe.influence.check;

import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.probe.influence.read.TokenizedText;
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
public record TrainingRecipe(int batch, int rounds, double rate) {
  /** What the hash of a retraining's inputs is taken of; those of kept files rest on it. */
  String text() {
    return "Recipe[batch=%d, rounds=%d, rate=%s]".formatted(batch, rounds, rate);
  }

  /**
   * The training on some of the documents. Batches are those of all documents in the given order;
   * one that lacks a document is smaller, and one that lacks all is left out without a change to
   * the step sizes of the others.
   *
   * @param order the indices of all documents
   * @param kept the documents that are trained on
   */
  TrainingPlan plan(List<TokenizedText> documents, int[] order, BitSet kept) {
    List<Sequence> sequences = documents.stream().map(TokenizedText::scored).toList();
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
    return TrainingPlan.of(plan);
  }
}
