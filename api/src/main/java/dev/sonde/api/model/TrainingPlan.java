package dev.sonde.api.model;

import java.util.List;

/**
 * How a model's training is continued: its steps one after the other, and the optimiser.
 *
 * @param steps in their order, at least one
 * @param adam the optimiser, which begins with no memory of earlier training
 */
public record TrainingPlan(List<Step> steps, Adam adam) {
  /**
   * A plan with its steps copied.
   *
   * @throws IllegalArgumentException if there is no step
   */
  public TrainingPlan {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a training needs at least one step");
    }
  }

  /**
   * One step. Its loss is the mean negative log-probability, in nats, of all {@link
   * Sequence#targets} of its batch; a sequence may have none.
   *
   * @param batch the sequences, which have no interventions
   * @param rate the step size
   */
  public record Step(List<Sequence> batch, double rate) {
    /**
     * A step with its batch copied.
     *
     * @throws IllegalArgumentException if no sequence has a target, one has interventions, or the
     *     step size is negative or not finite
     */
    public Step {
      batch = List.copyOf(batch);
      if (batch.stream().allMatch(sequence -> sequence.targets().isEmpty())) {
        throw new IllegalArgumentException("no sequence of the batch has a target to train on");
      }
      if (batch.stream().anyMatch(sequence -> !sequence.interventions().isEmpty())) {
        throw new IllegalArgumentException("a model is trained without interventions");
      }
      if (!(rate >= 0 && Double.isFinite(rate))) {
        throw new IllegalArgumentException("step size " + rate);
      }
    }

    /** Over how many targets the loss is the mean. */
    public int targets() {
      return batch.stream().mapToInt(sequence -> sequence.targets().size()).sum();
    }
  }

  /**
   * Adam (Kingma and Ba 2015) with weight decay apart from the gradient (Loshchilov and Hutter
   * 2019).
   *
   * @param beta1 how much of the mean gradient a step keeps
   * @param beta2 how much of the mean squared gradient a step keeps
   * @param epsilon added to the root of the latter
   * @param weightDecay the share of each weight, times the step size, that a step takes away
   */
  public record Adam(double beta1, double beta2, double epsilon, double weightDecay) {
    /** With the constants of the paper and no weight decay. */
    public static Adam usual() {
      return new Adam(0.9, 0.999, 1e-8, 0);
    }
  }
}
