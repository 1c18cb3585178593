package dev.sonde.probe.position.perturb;

import dev.sonde.api.model.ModelInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The conditions that each kind of perturbation of texts of one window has, in their order. */
final class Conditions {
  /** Substitutes of single blocks and heads: the sum, and what it recovers against. */
  static final List<Substitute> ALONE = List.of(Substitute.E3, Substitute.UNIFORM);

  /** The coordinate of a distance that all keys are put to. */
  static final String DISTANCE = "distance";

  /** Distances that all keys are put to, as far as a text is long. */
  private static final int[] DISTANCES = {0, 1, 8, 64};

  private Conditions() {}

  /**
   * The conditions of a perturbation.
   *
   * @param heads those that are run, of a perturbation of single heads
   */
  static List<PerturbationCase> of(
      Perturbation perturbation, PerturbationSettings settings, ModelInfo info, List<Head> heads) {
    String key = perturbation.key();
    return switch (perturbation) {
      case ORDER, POSITIONS, JITTER ->
          settings.fractions().stream()
              .map(fraction -> PerturbationCase.of(key, fraction))
              .toList();
      case SUBSTITUTION ->
          List.of(Substitute.values()).stream()
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
      case CONSTANT_DISTANCE ->
          IntStream.of(DISTANCES)
              .filter(distance -> distance < settings.window())
              .mapToObj(distance -> PerturbationCase.at(key, DISTANCE, distance))
              .toList();
      case LENGTH -> List.of();
    };
  }
}
