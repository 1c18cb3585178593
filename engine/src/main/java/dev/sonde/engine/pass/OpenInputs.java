package dev.sonde.engine.pass;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Inputs;
import dev.sonde.engine.data.Dataset;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.data.Studies;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.Experiment.DataPart;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.model.Fetching;
import dev.sonde.engine.model.Models;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plugin.PluginRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The models and data sets of an experiment, open. What a model is fed of a data set is made once:
 * each renders conversations by its own template and encodes them by its own tokenizer.
 */
public final class OpenInputs implements AutoCloseable {
  private final Experiment experiment;
  private final Models opener;
  private final Map<String, Dataset> sets = new LinkedHashMap<>();
  private final Map<String, OpenModel> models = new LinkedHashMap<>();
  private final Map<Role, LabelledStudy> studies = new HashMap<>();
  private final Map<Asked, LabelledStudy> asked = new HashMap<>();
  private final Map<Role, TokenRows> rows = new HashMap<>();

  /** A data set as a model is fed it, and who asks. */
  private record Asked(Role role, String probe) {}

  private OpenInputs(Experiment experiment, Models opener) {
    this.experiment = experiment;
    this.opener = opener;
  }

  /**
   * Reads the data sets, then opens the models.
   *
   * @throws dev.sonde.api.SondeException if one of them cannot be; then nothing stays open
   */
  public static OpenInputs of(
      Experiment experiment, PluginRegistry plugins, Folders folders, Progress progress) {
    Models opener = Fetching.models(plugins, folders, progress);
    OpenInputs inputs = new OpenInputs(experiment, opener);
    Studies reader = new Studies(plugins);
    Map<String, DataPart> parts = new LinkedHashMap<>();
    parts.put(Role.MAIN, experiment.data());
    parts.putAll(experiment.sets());
    Map<String, ConfigView> asked = experiment.ownLabels();
    parts.forEach(
        (key, part) ->
            inputs.sets.put(
                key,
                key.equals(Role.MAIN)
                    ? reader.open(Fetching.data(part, folders, progress), part.config(), asked)
                    : reader.open(
                        key,
                        Fetching.data(part, folders, progress),
                        part.config(),
                        experiment.data().config(),
                        asked)));
    try {
      inputs.models.put(Role.MAIN, opener.open(experiment.model()));
      experiment.models().forEach((name, part) -> inputs.models.put(name, opener.open(part)));
      inputs.study(Role.MAIN_PASS);
      inputs.sets().forEach(inputs::study);
      return inputs;
    } catch (RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  /** Opens the main model's shape with fresh weights, for {@link Role#FRESH_WEIGHTS}. */
  void openFreshWeights() {
    try {
      models.put(
          Role.FRESH_WEIGHTS, opener.open(experiment.model().withFreshWeights(experiment.seed())));
    } catch (ModelUnavailableException e) {
      throw new ModelUnavailableException(
          "the control with fresh weights cannot be opened: %s; an evaluation does without it by 'evaluation.random_init: false'"
              .formatted(e.getMessage()),
          e);
    }
  }

  /** The experiment they belong to. */
  public Experiment experiment() {
    return experiment;
  }

  /** The main model. */
  public OpenModel model() {
    return named(models, Role.MAIN);
  }

  /** The names of the further models. */
  public List<String> models() {
    return List.copyOf(experiment.models().keySet());
  }

  /**
   * A further model.
   *
   * @throws InvalidInputException if the experiment has none of that name
   */
  public OpenModel model(String name) {
    if (!experiment.models().containsKey(name)) {
      throw new InvalidInputException(
          "the experiment has no further model '%s'; there are %s".formatted(name, models()));
    }
    return named(models, name);
  }

  /** The main data set, all rows, without labels. */
  public LabelledStudy study() {
    return study(Role.MAIN_PASS);
  }

  /** The names of the further data sets. */
  public List<String> sets() {
    return List.copyOf(experiment.sets().keySet());
  }

  /**
   * A further data set, all rows, without labels.
   *
   * @throws InvalidInputException if the experiment has none of that name
   */
  public LabelledStudy study(String set) {
    requireSet(set);
    return study(new Role(Role.MAIN, set));
  }

  void requireSet(String set) {
    if (!experiment.sets().containsKey(set)) {
      throw new InvalidInputException(
          "the experiment has no data set '%s'; there are %s".formatted(set, sets()));
    }
  }

  /**
   * The pass that a request is about.
   *
   * @throws InvalidInputException if the experiment has no model or data set of its name
   */
  public Role role(CaptureRequest request) {
    request.model().ifPresent(this::model);
    request.set().ifPresent(this::requireSet);
    return new Role(request.model().orElse(Role.MAIN), request.set().orElse(Role.MAIN));
  }

  /** The model of a role. */
  OpenModel model(Role role) {
    return named(models, role.model());
  }

  /** The data set of a role as its model is fed it, all rows, without labels. */
  LabelledStudy study(Role role) {
    Role own = asTrained(role);
    return studies.computeIfAbsent(
        own, r -> named(sets, r.set()).fed(named(models, r.model())::render));
  }

  /** What a probe asks about the data set of a role. */
  public LabelledStudy study(Role role, String probe) {
    return asked.computeIfAbsent(
        new Asked(asTrained(role), probe), of -> named(sets, role.set()).asked(study(role), probe));
  }

  /** The rows of a data set that a probe asks about; empty where they are all. */
  public Optional<int[]> rows(Role role, String probe) {
    return named(sets, role.set()).rows(probe);
  }

  /** The inputs as a probe sees them: with the labels that it asks about. */
  public Inputs of(String probe) {
    return new ProbesInputs(this, probe);
  }

  /** The prompts of a role as its model takes them. */
  TokenRows rows(Role role) {
    Role own = asTrained(role);
    return rows.computeIfAbsent(
        own,
        r ->
            TokenRows.of(
                named(models, r.model()), study(r), Truncation.of(part(r.set()).config())));
  }

  private DataPart part(String set) {
    return set.equals(Role.MAIN) ? experiment.data() : named(experiment.sets(), set);
  }

  /** A model with fresh weights is fed what the trained one is. */
  private static Role asTrained(Role role) {
    return role.model().equals(Role.FRESH_WEIGHTS) ? new Role(Role.MAIN, role.set()) : role;
  }

  private static <T> T named(Map<String, T> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  /** All models, the main one first. */
  public List<OpenModel> all() {
    return List.copyOf(models.values());
  }

  /** Closes the models, the main one last. */
  @Override
  public void close() {
    new ArrayList<>(models.values()).reversed().forEach(OpenModel::close);
  }
}
