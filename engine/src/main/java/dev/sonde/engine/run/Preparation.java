package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.Resources;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.model.Read;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.engine.data.Dataset;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.data.Studies;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.experiment.Experiment.ProbePart;
import dev.sonde.engine.model.Models;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plan.Plan;
import dev.sonde.engine.plan.Truncation;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.plugin.PluginRequiredException;
import dev.sonde.formats.ContentHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An experiment with everything found and checked that can be before the first pass: names,
 * settings, data, model, hook points. Nothing has been computed or written.
 */
final class Preparation implements AutoCloseable {
  private final Experiment experiment;
  private final LabelledStudy study;
  private final OpenModel model;
  private final List<ReadyProbe> probes;
  private final Plan plan;
  private final PluginRegistry plugins;
  private final ContentHash hashes;
  private final Resources resources;
  private final Optional<Pass> freshWeights;
  private final List<Pass> sets;
  private final Map<String, Pass> models;
  private final Progress progress;

  /** A model on a data set, beside the main one on the main one. */
  record Pass(OpenModel model, LabelledStudy study, Plan plan) {}

  /** A probe that can be run. */
  record ReadyProbe(String name, LoadedPlugin plugin, Probe probe, Needs needs, ConfigView with) {}

  private Preparation(
      Experiment experiment,
      LabelledStudy study,
      OpenModel model,
      List<ReadyProbe> probes,
      Plan plan,
      PluginRegistry plugins,
      ContentHash hashes,
      Resources resources,
      Optional<Pass> freshWeights,
      List<Pass> sets,
      Map<String, Pass> models,
      Progress progress) {
    this.experiment = experiment;
    this.study = study;
    this.model = model;
    this.probes = List.copyOf(probes);
    this.plan = plan;
    this.plugins = plugins;
    this.hashes = hashes;
    this.resources = resources;
    this.freshWeights = freshWeights;
    this.sets = List.copyOf(sets);
    this.models = models;
    this.progress = progress;
  }

  static Preparation of(
      Experiment experiment, PluginRegistry plugins, Folders folders, Progress progress) {
    Resources resources = folders.resources();
    for (ProbePart part : experiment.probes()) {
      plugins.find(ExtensionKind.PROBE, part.use());
    }
    Dataset data =
        new Studies(plugins)
            .open(
                "data",
                Fetching.data(experiment.data(), folders, progress),
                experiment.data().config());
    List<Dataset> sets = new ArrayList<>();
    experiment
        .sets()
        .forEach(
            (name, set) ->
                sets.add(
                    new Studies(plugins)
                        .open(name, Fetching.data(set, folders, progress), set.config())));
    Models models = Fetching.models(plugins, folders, progress);
    OpenModel model = models.open(experiment.model());
    Map<String, OpenModel> opened = new LinkedHashMap<>();
    try {
      experiment.models().forEach((name, part) -> opened.put(name, models.open(part)));
      LabelledStudy study = data.study(model::render);
      Map<String, LabelledStudy> further = new LinkedHashMap<>();
      sets.forEach(set -> further.put(set.name(), set.study(model::render)));
      List<ReadyProbe> probes =
          probes(experiment, plugins, new PreparedInputs(model, study, opened, further));
      Decoders decoders = new Decoders(plugins, experiment.decoders());
      experiment.decoders().keySet().forEach(decoders::find);
      probes.stream()
          .flatMap(probe -> probe.needs().evaluations().stream())
          .flatMap(spec -> spec.decoders().stream())
          .forEach(decoders::find);
      List<Needs> needs = probes.stream().map(ReadyProbe::needs).toList();
      Truncation truncation = Truncation.of(experiment.data().config());
      Plan plan = Plan.of(model, study, needs, truncation);
      ContentHash hashes = new ContentHash(folders.cache().resolve("hashes"));
      return new Preparation(
          experiment,
          study,
          model,
          probes,
          plan,
          plugins,
          hashes,
          resources,
          freshWeights(experiment, models, model, study, plan, needs),
          further.values().stream()
              .map(set -> new Pass(model, set, ofFeatures(experiment, model, set, needs)))
              .toList(),
          onModels(opened, data, needs, truncation),
          progress);
    } catch (RuntimeException e) {
      opened.values().forEach(OpenModel::close);
      model.close();
      throw e;
    }
  }

  /** The further models on the main data set, whose messages each renders by its own template. */
  private static Map<String, Pass> onModels(
      Map<String, OpenModel> models, Dataset data, List<Needs> needs, Truncation truncation) {
    Map<String, Pass> passes = new LinkedHashMap<>();
    models.forEach(
        (name, model) -> {
          LabelledStudy study = data.study(model::render);
          passes.put(
              name, new Pass(model, study, Plan.ofFeatures(model, study, needs, truncation)));
        });
    return passes;
  }

  private static Plan ofFeatures(
      Experiment experiment, OpenModel model, LabelledStudy set, List<Needs> needs) {
    Truncation truncation =
        Truncation.of(Objects.requireNonNull(experiment.sets().get(set.name())).config());
    return Plan.ofFeatures(model, set, needs, truncation);
  }

  /**
   * The control of every evaluation, and of probes that ask for it: the same shape of model with
   * weights drawn afresh.
   */
  private static Optional<Pass> freshWeights(
      Experiment experiment,
      Models models,
      OpenModel model,
      LabelledStudy study,
      Plan plan,
      List<Needs> needs) {
    boolean evaluates =
        experiment.evaluation().randomInit()
            && needs.stream().anyMatch(each -> !each.evaluations().isEmpty());
    boolean asked = needs.stream().anyMatch(Needs::control);
    if (!(evaluates || asked) || model.reference().freshSeed().isPresent()) {
      return Optional.empty();
    }
    OpenModel fresh = models.open(experiment.model().withFreshWeights(experiment.seed()));
    return Optional.of(
        new Pass(fresh, study, plan.featuresOf(fresh, evaluates ? needs : List.of())));
  }

  private static List<ReadyProbe> probes(
      Experiment experiment, PluginRegistry plugins, PreparedInputs inputs) {
    List<ReadyProbe> probes = new ArrayList<>();
    for (ProbePart part : experiment.probes()) {
      Offer<ProbeFactory> offer = plugins.find(ExtensionKind.PROBE, part.use());
      ConfigView with = part.with().checked(offer.call(ProbeFactory::settings));
      String name = "the probe '%s'".formatted(part.name());
      Probe probe;
      Needs needs;
      try {
        probe = offer.guarded("make " + name, factory -> factory.create(with));
        Probe made = probe;
        needs =
            offer.plugin().guarded("say what %s needs".formatted(name), () -> made.needs(inputs));
      } catch (PluginRequiredException e) {
        probe = new BrokenProbe(e);
        needs = probe.needs(inputs);
      }
      requireThere(part.name(), needs, inputs);
      probes.add(new ReadyProbe(part.name(), offer.plugin(), probe, needs, with));
    }
    return probes;
  }

  /** Refuses hook points that the model has not, by the name of the probe that wants them. */
  private static void requireThere(String probe, Needs needs, PreparedInputs inputs) {
    try {
      Plan.reads(inputs.model(), needs);
    } catch (InvalidInputException e) {
      throw new InvalidInputException("probe '%s': %s".formatted(probe, e.getMessage()), e);
    }
  }

  Experiment experiment() {
    return experiment;
  }

  /** The model with fresh weights on the main data set; empty where nobody asks for it. */
  Optional<Pass> freshWeights() {
    return freshWeights;
  }

  /** The further models on the main data set, by name. */
  Map<String, Pass> models() {
    return models;
  }

  /** The main model on the further data sets. */
  List<Pass> sets() {
    return sets;
  }

  LabelledStudy study() {
    return study;
  }

  OpenModel model() {
    return model;
  }

  List<ReadyProbe> probes() {
    return probes;
  }

  Plan plan() {
    return plan;
  }

  ContentHash hashes() {
    return hashes;
  }

  Decoders decoders() {
    return new Decoders(plugins, experiment.decoders());
  }

  /** The linear algebra of the backend's plugin where it has one, else the engine's own. */
  LinearAlgebra linearAlgebra() {
    return new LazyLinearAlgebra(plugins, model.plugin(), resources);
  }

  /** The plugins that the run uses, each once. */
  List<LoadedPlugin> usedPlugins() {
    Set<LoadedPlugin> used = new LinkedHashSet<>();
    Stream.concat(Stream.of(model), models.values().stream().map(Pass::model))
        .forEach(
            each -> {
              used.add(each.plugin());
              each.tokenizerPlugin().ifPresent(used::add);
            });
    for (ReadyProbe probe : probes) {
      used.add(probe.plugin());
      probe.needs().evaluations().stream()
          .flatMap(spec -> spec.decoders().stream())
          .forEach(name -> used.add(plugins.find(ExtensionKind.DECODER, name).plugin()));
    }
    return List.copyOf(used);
  }

  /** The experiment with defaults and absolute paths. */
  String resolved() {
    Map<String, ConfigView> settings = new LinkedHashMap<>();
    probes.forEach(probe -> settings.put(probe.name(), probe.with()));
    Map<String, ModelPart> further = new LinkedHashMap<>();
    experiment
        .models()
        .forEach(
            (name, part) ->
                further.put(name, opened(part, Objects.requireNonNull(models.get(name)).model())));
    Map<String, String> paths = new LinkedHashMap<>();
    Stream.concat(Stream.of(study), sets.stream().map(Pass::study))
        .forEach(each -> paths.put(each.name(), each.source().written()));
    return experiment.resolved(opened(experiment.model(), model), further, paths, settings);
  }

  private static ModelPart opened(ModelPart part, OpenModel model) {
    return part.opened(model.reference().toString(), model.info().dtype());
  }

  /** All plans, that of the main model on the main data set first. */
  List<Plan> plans() {
    return Stream.concat(
            Stream.of(plan),
            Stream.of(freshWeights.stream(), sets.stream(), models.values().stream())
                .flatMap(passes -> passes)
                .map(Pass::plan))
        .toList();
  }

  /**
   * What was taken where files left it open how texts become tokens, one sentence each: for the
   * screen, the log and the report.
   */
  List<String> guesses() {
    Set<String> guesses = new LinkedHashSet<>();
    Stream.concat(Stream.of(model), models.values().stream().map(Pass::model))
        .forEach(each -> guesses.addAll(each.tokenizerNotes()));
    plans().forEach(each -> each.rows().twice().ifPresent(guesses::add));
    return List.copyOf(guesses);
  }

  /** All reads of the plan, those of one pass. */
  List<Read> reads() {
    return plan.reads();
  }

  @Override
  public void close() {
    for (ReadyProbe probe : probes) {
      String task = "close the probe '%s'".formatted(probe.name());
      try {
        probe
            .plugin()
            .guarded(
                task,
                () -> {
                  probe.probe().close();
                  return true;
                });
      } catch (PluginRequiredException e) {
        progress.warning(e.getMessage() + "; what it reported stands");
      }
    }
    freshWeights.ifPresent(pass -> pass.model().close());
    models.values().forEach(pass -> pass.model().close());
    model.close();
  }
}
