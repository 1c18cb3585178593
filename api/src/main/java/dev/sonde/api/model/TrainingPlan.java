package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.List;

/**
 * How a model's training is continued: its steps one after the other, by Adam (Kingma and Ba 2015)
 * with weight decay apart from the gradient (Loshchilov and Hutter 2019), which begins with no
 * memory of earlier training.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public final class TrainingPlan {
  private final List<Step> steps;
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double weightDecay;

  private TrainingPlan(
      List<Step> steps, double beta1, double beta2, double epsilon, double weightDecay) {
    this.steps = List.copyOf(steps);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.weightDecay = weightDecay;
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a training needs at least one step");
    }
  }

  /**
   * A plan with the paper's constants of Adam and no weight decay.
   *
   * @param steps in their order, at least one
   * @throws IllegalArgumentException if there is no step
   */
  public static TrainingPlan of(List<Step> steps) {
    return new TrainingPlan(steps, 0.9, 0.999, 1e-8, 0);
  }

  /** The same with other constants of Adam. */
  public TrainingPlan adam(double first, double second, double small, double decay) {
    return new TrainingPlan(steps, first, second, small, decay);
  }

  /** The steps in their order. */
  public List<Step> steps() {
    return steps;
  }

  /** How much of the mean gradient a step keeps. */
  public double beta1() {
    return beta1;
  }

  /** How much of the mean squared gradient a step keeps. */
  public double beta2() {
    return beta2;
  }

  /** What is added to the root of the mean squared gradient. */
  public double epsilon() {
    return epsilon;
  }

  /** The share of each weight, times the step size, that a step takes away. */
  public double weightDecay() {
    return weightDecay;
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
}
