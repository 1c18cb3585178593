package dev.sonde.probe.linear;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The dose at which one model's effect is as large as another's at a dose of its own: where the
 * line through no dose and the doses that were tried comes to that effect.
 *
 * @param ascending doses of the mode and sign in question, the smallest first, by their number
 */
record EqualDose(List<Dose> doses, int[] ascending, int reference) {
  /** Doses of the mode and sign of one of them. */
  static EqualDose of(List<Dose> doses, int reference) {
    Dose own = doses.get(reference);
    int[] ascending =
        IntStream.range(0, doses.size())
            .filter(dose -> doses.get(dose).mode() == own.mode())
            .filter(dose -> doses.get(dose).alpha() * own.alpha() > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(dose -> Math.abs(doses.get(dose).alpha())))
            .mapToInt(Integer::intValue)
            .toArray();
    return new EqualDose(doses, ascending, reference);
  }

  /**
   * That dose, in doses of the reference.
   *
   * @param effects by number of dose, the mean effect in the expected sense
   * @param wanted the effect to reach
   * @return NaN where no dose that was tried comes to it
   */
  double times(double[] effects, double wanted) {
    double below = 0;
    double reached = 0;
    for (int dose : ascending) {
      double alpha = Math.abs(doses.get(dose).alpha());
      double effect = effects[dose];
      if (effect >= wanted && effect > reached) {
        double share = Math.max(0, (wanted - reached) / (effect - reached));
        return (below + share * (alpha - below)) / Math.abs(doses.get(reference).alpha());
      }
      below = alpha;
      reached = effect;
    }
    return Double.NaN;
  }
}
