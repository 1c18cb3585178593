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
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.experiment.ResolvedExperiment;
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
import java.util.stream.Stream;

/**
 * The models and data sets of an experiment, open. What a model is fed of a data set is made once:
 * each renders conversations by its own template and encodes them by its own tokenizer.
 */
public final class OpenInputs implements AutoCloseable {
  private final Experiment experiment;
  private final PluginRegistry plugins;
  private final Folders folders;
  private final Progress progress;
  private final Models opener;
  private final Map<String, Dataset> sets = new LinkedHashMap<>();
  private final Map<String, OpenModel> models = new LinkedHashMap<>();
  private final Map<Role, LabelledStudy> studies = new HashMap<>();
  private final Map<Asked, LabelledStudy> asked = new HashMap<>();
  private final Map<Asked, Optional<int[]>> askedRows = new HashMap<>();
  private final Map<Role, TokenRows> rows = new HashMap<>();

  /** A data set as a model is fed it, and who asks. */
  private record Asked(Role role, String probe) {}

  private OpenInputs(
      Experiment experiment, PluginRegistry plugins, Folders folders, Progress progress) {
    this.experiment = experiment;
    this.plugins = plugins;
    this.folders = folders;
    this.progress = progress;
    this.opener = Fetching.models(plugins, folders, progress);
  }

  /**
   * Reads the data sets, then opens the models.
   *
   * @throws dev.sonde.api.SondeException if one of them cannot be; then nothing stays open
   */
  public static OpenInputs of(
      Experiment experiment, PluginRegistry plugins, Folders folders, Progress progress) {
    OpenInputs inputs = modelsWhenAsked(experiment, plugins, folders, progress);
    try {
      inputs.openAll();
      return inputs;
    } catch (RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  /**
   * For captures of tokens that come from elsewhere: each model is opened when it is first asked
   * for, and the data sets are not read before {@link #openAll}.
   */
  public static OpenInputs modelsWhenAsked(
      Experiment experiment, PluginRegistry plugins, Folders folders, Progress progress) {
    return new OpenInputs(experiment, plugins, folders, progress);
  }

  /**
   * Reads the data sets, then opens the models that are not open yet.
   *
   * @throws dev.sonde.api.SondeException if one of them cannot be
   */
  public void openAll() {
    Studies reader = new Studies(plugins);
    Map<String, DataPart> parts = new LinkedHashMap<>();
    parts.put(Role.MAIN, experiment.data());
    parts.putAll(experiment.sets());
    Studies.Asked own = Studies.Asked.of(experiment);
    parts.forEach(
        (key, part) ->
            sets.put(
                key,
                key.equals(Role.MAIN)
                    ? reader.open(Fetching.data(part, folders, progress), part.config(), own)
                    : reader.open(
                        key,
                        Fetching.data(part, folders, progress),
                        part.config(),
                        experiment.data().config(),
                        own)));
    opened(Role.MAIN);
    models().forEach(this::opened);
    study(Role.MAIN_PASS);
    sets().forEach(this::study);
  }

  /** A model by its name, open. */
  private OpenModel opened(String name) {
    Optional<OpenModel> open = Optional.ofNullable(models.get(name));
    if (open.isPresent()) {
      return open.get();
    }
    OpenModel model =
        opener.open(
            switch (name) {
              case Role.MAIN -> experiment.model();
              case Role.FRESH_WEIGHTS -> experiment.model().withFreshWeights(experiment.seed());
              default -> named(experiment.models(), name);
            });
    models.put(name, model);
    return model;
  }

  /** Opens the main model's shape with fresh weights, for {@link Role#FRESH_WEIGHTS}. */
  void openFreshWeights() {
    try {
      opened(Role.FRESH_WEIGHTS);
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
  public OpenModel model(Role role) {
    return opened(role.model());
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
    return askedRows.computeIfAbsent(
        new Asked(asTrained(role), probe), of -> named(sets, role.set()).rows(probe));
  }

  /**
   * Gives rows of a data set further columns, which labels may be awaited in.
   *
   * @param set a further set's name, or {@link Role#MAIN}
   * @param columns by the id of a row
   */
  public void addColumns(String set, Map<String, Map<String, Object>> columns) {
    sets.put(set, named(sets, set).with(columns));
    studies.keySet().removeIf(role -> role.set().equals(set));
    asked.keySet().removeIf(of -> of.role().set().equals(set));
    askedRows.keySet().removeIf(of -> of.role().set().equals(set));
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

  /**
   * The experiment with defaults and absolute paths, and each model as it was opened.
   *
   * @param probes the checked settings of each probe
   */
  public String resolved(Map<String, ConfigView> probes) {
    Map<String, ModelPart> further = new LinkedHashMap<>();
    experiment.models().forEach((name, part) -> further.put(name, opened(part, model(name))));
    Map<String, String> paths = new LinkedHashMap<>();
    Stream.concat(Stream.of(study()), sets().stream().map(this::study))
        .forEach(each -> paths.put(each.name(), each.source().written()));
    return ResolvedExperiment.text(
        experiment, opened(experiment.model(), model()), further, paths, probes);
  }

  private static ModelPart opened(ModelPart part, OpenModel model) {
    return part.opened(model.reference().toString(), model.info().dtype());
  }

  /** The content hash of each model by its name, that of the main one under {@link Role#MAIN}. */
  public Map<String, String> modelHashes() {
    Map<String, String> hashes = new LinkedHashMap<>();
    hashes.put(Role.MAIN, model().info().contentHash());
    models().forEach(name -> hashes.put(name, model(name).info().contentHash()));
    return hashes;
  }

  /** Closes the models, the main one last. */
  @Override
  public void close() {
    new ArrayList<>(models.values()).reversed().forEach(OpenModel::close);
  }
}
