package dev.sonde.probe.stepimportance.attribution;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a variant measured of each step of a prefix, by the names of the measures.
 *
 * @param byName each with a value per step of the prefix, in order; NaN where there is none
 */
public record StepScores(SequencedMap<String, double[]> byName) {
  /** Nothing. */
  public static final StepScores NONE = new StepScores(new LinkedHashMap<>());

  /** The scores of a step, by name. */
  public Map<String, Double> of(int place) {
    Map<String, Double> scores = new LinkedHashMap<>();
    byName.forEach((name, values) -> scores.put(name, values[place]));
    return scores;
  }
}
