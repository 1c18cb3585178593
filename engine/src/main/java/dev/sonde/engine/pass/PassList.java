package dev.sonde.engine.pass;

import dev.sonde.api.model.Read;
import dev.sonde.engine.model.OpenModel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All passes of an experiment, the main one first: the main model over the main data set, the same
 * with fresh weights where a control asks for it, over the further data sets, and the further
 * models; then those that a probe alone asks for.
 */
public final class PassList {
  private final Map<Role, Pass> passes;

  private PassList(Map<Role, Pass> passes) {
    this.passes = passes;
  }

  /**
   * Plans for all needs together.
   *
   * @throws dev.sonde.api.InvalidInputException if a hook point does not exist or cannot be stored,
   *     or a prompt is too long, or too short for a read
   */
  public static PassList of(OpenInputs inputs, List<ProbeNeeds> needs) {
    Collection<Role> roles = new LinkedHashSet<>();
    roles.add(Role.MAIN_PASS);
    if (wantsFreshWeights(inputs, needs)) {
      roles.add(Role.FRESH_PASS);
    }
    inputs.sets().forEach(set -> roles.add(new Role(Role.MAIN, set)));
    inputs.models().forEach(model -> roles.add(new Role(model, Role.MAIN)));
    needs.forEach(each -> roles.addAll(each.reads().keySet()));
    Map<Role, Pass> passes = new LinkedHashMap<>();
    for (Role role : roles) {
      if (role.equals(Role.FRESH_PASS)) {
        inputs.openFreshWeights();
      }
      passes.put(role, pass(inputs, needs, role));
    }
    return new PassList(passes);
  }

  private static Pass pass(OpenInputs inputs, List<ProbeNeeds> needs, Role role) {
    OpenModel model = inputs.model(role);
    Collection<Read> reads = new LinkedHashSet<>();
    needs.forEach(each -> reads.addAll(each.reads(role)));
    if (!role.equals(Role.MAIN_PASS) && evaluationsRead(inputs, role)) {
      needs.forEach(each -> reads.addAll(each.features(model)));
      if (role.model().equals(Role.MAIN)) {
        needs.forEach(each -> reads.addAll(each.embeddings()));
      }
    }
    return new Pass(role, model, inputs.rows(role), List.copyOf(reads));
  }

  /** Whether evaluations compare a pass with the main one. */
  private static boolean evaluationsRead(OpenInputs inputs, Role role) {
    return role.model().equals(Role.FRESH_WEIGHTS)
        ? inputs.experiment().evaluation().randomInit()
        : role.model().equals(Role.MAIN) || role.set().equals(Role.MAIN);
  }

  /**
   * Fresh weights are the control of every evaluation, and of probes that ask for it; a model that
   * has such weights itself needs none.
   */
  private static boolean wantsFreshWeights(OpenInputs inputs, List<ProbeNeeds> needs) {
    boolean evaluates =
        inputs.experiment().evaluation().randomInit()
            && needs.stream().anyMatch(ProbeNeeds::evaluates);
    boolean asked = needs.stream().anyMatch(each -> each.needs().control());
    return (evaluates || asked) && inputs.model().reference().freshSeed().isEmpty();
  }

  /** All of them, the main one first. */
  public List<Pass> all() {
    return List.copyOf(passes.values());
  }

  /** The main model over the main data set. */
  public Pass main() {
    return Objects.requireNonNull(passes.get(Role.MAIN_PASS));
  }

  /** The pass of a role, where there is one. */
  public Optional<Pass> find(Role role) {
    return Optional.ofNullable(passes.get(role));
  }

  /** The main model over each further data set. */
  public List<Pass> onSets() {
    return passes.values().stream()
        .filter(pass -> pass.role().model().equals(Role.MAIN))
        .filter(pass -> !pass.role().set().equals(Role.MAIN))
        .toList();
  }
}
