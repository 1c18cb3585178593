package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A decoder on the features of a hook point.
 *
 * @param features {@code [examples, width]}
 */
public record Candidate(Choice choice, Decoder decoder, Matrix features) {
  /** Each decoder at each hook point, in the order of hook points. */
  public static List<Candidate> of(Map<HookPoint, Matrix> sites, Map<String, Decoder> decoders) {
    List<Candidate> candidates = new ArrayList<>();
    sites.forEach(
        (point, features) ->
            decoders.forEach(
                (name, decoder) ->
                    candidates.add(new Candidate(new Choice(name, point), decoder, features))));
    return candidates;
  }
}
