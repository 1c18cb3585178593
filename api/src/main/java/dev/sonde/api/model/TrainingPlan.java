package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.List;

/** How a model's training is continued: its steps one after the other, and the optimiser. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public final class TrainingPlan {
  private final List<Step> steps;
  private final Adam adam;

  private TrainingPlan(List<Step> steps, Adam adam) {
    this.steps = List.copyOf(steps);
    this.adam = adam;
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a training needs at least one step");
    }
  }

  /**
   * A plan.
   *
   * @param steps in their order, at least one
   * @param adam the optimiser, which begins with no memory of earlier training
   * @throws IllegalArgumentException if there is no step
   */
  public static TrainingPlan of(List<Step> steps, Adam adam) {
    return new TrainingPlan(steps, adam);
  }

  /** The steps in their order. */
  public List<Step> steps() {
    return steps;
  }

  /** The optimiser. */
  public Adam adam() {
    return adam;
  }

  /**
   * One step. Its loss is the mean negative log-probability, in nats, of all {@link
   * Sequence#targets} of its batch; a sequence may have none.
   */
  public static final class Step {
    private final List<Sequence> batch;
    private final double rate;

    private Step(List<Sequence> batch, double rate) {
      this.batch = List.copyOf(batch);
      this.rate = rate;
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

    /**
     * A step.
     *
     * @param batch the sequences, which have no interventions
     * @param rate the step size
     * @throws IllegalArgumentException if no sequence has a target, one has interventions, or the
     *     step size is negative or not finite
     */
    public static Step of(List<Sequence> batch, double rate) {
      return new Step(batch, rate);
    }

    /** The sequences. */
    public List<Sequence> batch() {
      return batch;
    }

    /** The step size. */
    public double rate() {
      return rate;
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
