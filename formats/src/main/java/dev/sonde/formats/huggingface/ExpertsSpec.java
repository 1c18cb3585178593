package dev.sonde.formats.huggingface;

/**
 * An MLP of experts, of which each token is sent to a few.
 *
 * @param activation the non-linearity
 * @param width inner width of one expert
 * @param experts number of experts
 * @param router how they are chosen and weighed
 * @param layout how their weights are stored
 * @param shared inner width of the expert that every token goes through as well; 0 is none
 * @param limit bound of {@link Activation#CLAMPED_SWIGLU}
 * @param slope factor in its sigmoid
 */
public record ExpertsSpec(
    Activation activation,
    int width,
    int experts,
    Router router,
    Layout layout,
    int shared,
    double limit,
    double slope)
    implements MlpSpec {
  /** How experts are stored. */
  public enum Layout {
    /** {@code [experts, out, in]}, gate above up; or an expert at a time. */
    OUT_IN,
    /** {@code [experts, in, out]}, gate beside up. */
    IN_OUT,
    /** {@code [experts, in, out]}, gate and up in turns. */
    ALTERNATING
  }

  /**
   * How a token's experts are chosen and weighed, from a logit for each.
   *
   * @param scores what becomes of logits first
   * @param chosen how many experts a token is sent to
   * @param groups groups of experts, of which the best are looked at; 1 is no groups
   * @param groupsChosen how many of them
   * @param groupBest how many of a group's scores, added up, are its own
   * @param normalised whether the weights of the chosen ones are divided by their sum
   * @param least added to that sum
   * @param scale factor on the weights
   * @param weighsInput whether an expert's input is multiplied with the weight instead of its
   *     output
   */
  public record Router(
      Scores scores,
      int chosen,
      int groups,
      int groupsChosen,
      int groupBest,
      boolean normalised,
      double least,
      double scale,
      boolean weighsInput) {
    static Router of(Scores scores, int chosen, boolean normalised) {
      return new Router(scores, chosen, 1, 1, 1, normalised, 0, 1, false);
    }

    Router scaled(double factor) {
      return new Router(
          scores, chosen, groups, groupsChosen, groupBest, normalised, least, factor, weighsInput);
    }

    Router grouped(int count, int most, int best) {
      return new Router(scores, chosen, count, most, best, normalised, least, scale, weighsInput);
    }

    Router atLeast(double sum) {
      return new Router(
          scores, chosen, groups, groupsChosen, groupBest, normalised, sum, scale, weighsInput);
    }

    Router weighingInputs() {
      return new Router(
          scores, chosen, groups, groupsChosen, groupBest, normalised, least, scale, true);
    }
  }

  /** What becomes of a router's logits. */
  public enum Scores {
    /** Their softmax over all experts. */
    SOFTMAX,
    /** The sigmoid of each. */
    SIGMOID
  }
}
