package dev.sonde.engine.pass;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.Read;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Needs;
import dev.sonde.engine.model.OpenModel;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one probe needs, its patterns expanded once.
 *
 * @param probe its name
 * @param needs as it said them
 * @param reads per pass what it reads, the controls of its evaluations included
 */
public record ProbeNeeds(String probe, Needs needs, Map<Role, List<Read>> reads) {

  /**
   * Expands a probe's needs.
   *
   * @throws InvalidInputException if a model has not what it wants to read, or the experiment has
   *     no model or data set of a name
   */
  public static ProbeNeeds of(String probe, Needs needs, OpenInputs inputs) {
    Map<Role, Set<Read>> reads = new LinkedHashMap<>();
    for (CaptureRequest request : needs.captures()) {
      Role role = inputs.role(request);
      collect(reads, role).addAll(Reads.of(inputs.model(role), request));
    }
    if (!needs.evaluations().stream().allMatch(r -> inputs.role(r).equals(Role.MAIN_PASS))) {
      throw new InvalidInputException("decoders are evaluated on the main model and data set only");
    }
    if (!needs.evaluations().isEmpty()) {
      collect(reads, Role.MAIN_PASS).addAll(embeddings(needs));
    }
    Map<Role, List<Read>> lists = new LinkedHashMap<>();
    reads.forEach((role, set) -> lists.put(role, List.copyOf(set)));
    return new ProbeNeeds(probe, needs, lists);
  }

  private static Set<Read> collect(Map<Role, Set<Read>> reads, Role role) {
    return reads.computeIfAbsent(role, r -> new LinkedHashSet<>());
  }

  private static List<Read> embeddings(Needs needs) {
    return needs.evaluations().stream()
        .flatMap(
            spec ->
                Stream.concat(Reads.embeddings(spec).stream(), Stream.of(Reads.embeddingMean())))
        .distinct()
        .toList();
  }

  /** What the baselines of its evaluations read of the trained model, in each data set. */
  List<Read> embeddings() {
    return embeddings(needs);
  }

  /** What it reads in a pass. */
  public List<Read> reads(Role role) {
    return reads.getOrDefault(role, List.of());
  }

  /** Whether it evaluates decoders. */
  public boolean evaluates() {
    return !needs.evaluations().isEmpty();
  }

  /** What its evaluations read of a model, in each of their passes. */
  List<Read> features(OpenModel model) {
    return needs.evaluations().stream()
        .flatMap(request -> Reads.of(model, request).stream())
        .distinct()
        .toList();
  }
}
