package dev.sonde.probe.position.perturb;

import dev.sonde.api.model.ModelInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The conditions that each kind of perturbation of texts of one window has, in their order. */
final class Conditions {
  /** Substitutes of single blocks and heads: the sum, and what it recovers against. */
  static final List<Substitute> ALONE = List.of(Substitute.E3, Substitute.UNIFORM);

  /** What stands beside them and is run on few texts. */
  static final List<Substitute> BESIDE = List.of(Substitute.EXACT, Substitute.E4, Substitute.E1);

  /** The coordinate of how far apart what is swapped stands at most, in tokens. */
  static final String REACH = "reach";

  /** Other tokens in the places of those that would move. */
  static final String REPLACED = "replaced";

  /** Sentences that see nothing before them but the first token. */
  static final String ALONE_SENTENCES = "alone";

  /** Ranges beyond the settings' own; the last is the whole text. */
  private static final int[] RANGES = {16, 64, Integer.MAX_VALUE};

  /** The share at which ranges and what stands beside are compared. */
  private static final double COMPARED = 0.1;

  /** The coordinate of a distance that keys are put to, shifted by, or clipped at. */
  static final String DISTANCE = "distance";

  /** Distances that all keys are put to, by which they are shifted, or that are the largest. */
  private static int[] distances(Perturbation perturbation) {
    return perturbation == Perturbation.CONSTANT_DISTANCE
        ? new int[] {0, 8, 64}
        : new int[] {8, 64};
  }

  private Conditions() {}

  /**
   * Swaps: shares within one range, one share within wider ones, and what stands beside at that.
   *
   * @param sweep whether all shares are run, or the one alone
   */
  private static List<PerturbationCase> swaps(
      String key, PerturbationSettings settings, boolean sweep, List<String> beside) {
    List<PerturbationCase> cases = new ArrayList<>();
    Optional<Double> compared =
        settings.fractions().stream()
            .filter(fraction -> fraction > 0)
            .min(Comparator.comparingDouble(fraction -> Math.abs(fraction - COMPARED)));
    for (double fraction : settings.fractions()) {
      if (sweep || Optional.of(fraction).equals(compared)) {
        cases.add(swap(key, fraction, settings.reach()));
      }
    }
    if (compared.isPresent()) {
      double share = compared.get();
      for (int range : RANGES) {
        int reach = range == Integer.MAX_VALUE ? settings.window() : range;
        boolean narrower = range < settings.window() || range == Integer.MAX_VALUE;
        if (reach > settings.reach() && narrower) {
          cases.add(swap(key, share, reach));
        }
      }
      beside.forEach(name -> cases.add(swap(name, share, settings.reach())));
    }
    return cases;
  }

  private static PerturbationCase swap(String key, double fraction, int reach) {
    return new PerturbationCase(key, fraction, Map.of(REACH, reach));
  }

  /**
   * The conditions of a perturbation.
   *
   * @param heads those that are run, of a perturbation of single heads
   */
  static List<PerturbationCase> of(
      Perturbation perturbation, PerturbationSettings settings, ModelInfo info, List<Head> heads) {
    String key = perturbation.key();
    return switch (perturbation) {
      case ORDER -> swaps(key, settings, true, List.of(key + "." + REPLACED));
      case POSITIONS -> swaps(key, settings, true, List.of());
      case WORDS -> swaps(key, settings, false, List.of(key + "." + REPLACED));
      case SENTENCES ->
          List.of(PerturbationCase.of(key, 1), PerturbationCase.of(key + "." + ALONE_SENTENCES, 1));
      case JITTER ->
          settings.fractions().stream()
              .map(fraction -> PerturbationCase.of(key, fraction))
              .toList();
      case SUBSTITUTION_BESIDE ->
          BESIDE.stream().map(each -> PerturbationCase.of(perturbation, each, Map.of())).toList();
      case SUBSTITUTION ->
          Arrays.stream(Substitute.values())
              .filter(each -> !BESIDE.contains(each))
              .map(each -> PerturbationCase.of(perturbation, each, Map.of()))
              .toList();
      case SUBSTITUTED_BLOCKS -> {
        List<PerturbationCase> cases = new ArrayList<>();
        for (int layer = 0; layer < info.layers(); layer++) {
          for (Substitute each : ALONE) {
            Map<String, Integer> where = Map.of(PerturbationCase.LAYER, layer);
            cases.add(PerturbationCase.of(perturbation, each, where));
          }
        }
        yield cases;
      }
      case SUBSTITUTED_HEADS -> {
        List<PerturbationCase> cases = new ArrayList<>();
        for (Head head : heads) {
          for (Substitute each : ALONE) {
            Map<String, Integer> where = new LinkedHashMap<>();
            where.put(PerturbationCase.LAYER, head.layer());
            where.put(PerturbationCase.HEAD, head.head());
            cases.add(PerturbationCase.of(perturbation, each, where));
          }
        }
        yield cases;
      }
      case CONSTANT_DISTANCE, SHIFTED_DISTANCE, CLIPPED_DISTANCE ->
          IntStream.of(distances(perturbation))
              .filter(distance -> distance < settings.window())
              .mapToObj(distance -> PerturbationCase.at(key, DISTANCE, distance))
              .toList();
      case LENGTH, PASSKEY -> List.of();
    };
  }
}
