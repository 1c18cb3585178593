package dev.sonde.testkit;

import dev.sonde.api.data.Study;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models and data sets that a probe is tested on.
 *
 * @param model the main model
 * @param control the model with fresh weights, empty where there is none
 * @param further models by name
 * @param study the main data set
 * @param furtherSets data sets by name
 */
public record ProbeInputs(
    Model model,
    Optional<Model> control,
    Map<String, Model> further,
    Study study,
    Map<String, Study> furtherSets)
    implements Inputs {
  /** Inputs with their maps copied. */
  public ProbeInputs {
    further = Map.copyOf(further);
    furtherSets = Map.copyOf(furtherSets);
  }

  @Override
  public List<String> models() {
    return further.keySet().stream().sorted().toList();
  }

  @Override
  public Model model(String name) {
    Model found = further.get(name);
    return found == null ? Inputs.super.model(name) : found;
  }

  @Override
  public List<String> sets() {
    return furtherSets.keySet().stream().sorted().toList();
  }

  @Override
  public Study study(String set) {
    Study found = furtherSets.get(set);
    return found == null ? Inputs.super.study(set) : found;
  }
}
