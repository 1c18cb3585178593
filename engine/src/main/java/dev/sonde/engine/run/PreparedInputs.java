package dev.sonde.engine.run;

import dev.sonde.api.data.Study;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import dev.sonde.engine.model.OpenModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is open before anything runs.
 *
 * @param model the main model
 * @param study the main data set
 * @param further models by name
 * @param furtherSets data sets by name
 */
record PreparedInputs(
    OpenModel model,
    Study study,
    Map<String, ? extends Model> further,
    Map<String, ? extends Study> furtherSets)
    implements Inputs {

  @Override
  public List<String> models() {
    return List.copyOf(further.keySet());
  }

  @Override
  public Model model(String name) {
    Optional<Model> named = Optional.ofNullable(further.get(name));
    return named.orElseGet(() -> Inputs.super.model(name));
  }

  @Override
  public List<String> sets() {
    return List.copyOf(furtherSets.keySet());
  }

  @Override
  public Study study(String set) {
    Optional<Study> named = Optional.ofNullable(furtherSets.get(set));
    return named.orElseGet(() -> Inputs.super.study(set));
  }
}
