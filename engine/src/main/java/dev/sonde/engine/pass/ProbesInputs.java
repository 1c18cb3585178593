package dev.sonde.engine.pass;

import dev.sonde.api.data.Study;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Model;
import java.util.List;

/** What a run has, as one probe sees it: data sets hold the rows and labels that it asks about. */
record ProbesInputs(OpenInputs all, String probe) implements Inputs {
  @Override
  public Model model() {
    return all.model();
  }

  @Override
  public List<String> models() {
    return all.models();
  }

  @Override
  public Model model(String name) {
    return all.model(name);
  }

  @Override
  public Study study() {
    return all.study(Role.MAIN_PASS, probe);
  }

  @Override
  public List<String> sets() {
    return all.sets();
  }

  @Override
  public Study study(String set) {
    all.requireSet(set);
    return all.study(new Role(Role.MAIN, set), probe);
  }
}
