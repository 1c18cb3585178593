package dev.sonde.probe.stepimportance.answer;

/**
 * What follows the steps of a chain in its tests, as tokens.
 *
 * @param elicitation what asks for the answer
 * @param empty the same where no step is kept
 * @param direct elicitation and answer, behind no step
 * @param formed elicitation and answer
 * @param written elicitation and what the model itself writes there behind the whole chain
 * @param most the most tokens of a sampled answer
 */
public record Endings(
    int[] elicitation, int[] empty, int[] direct, int[] formed, int[] written, int most) {
  /** The most tokens that follow all steps in any test. */
  int longest() {
    return Math.max(Math.max(formed.length, written.length), elicitation.length + most);
  }
}
