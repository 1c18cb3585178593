package dev.sonde.engine.run;

import dev.sonde.api.Resources;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.Experiment.ProbePart;
import dev.sonde.engine.fitted.Decoders;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.LazyLinearAlgebra;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.pass.OpenInputs;
import dev.sonde.engine.pass.PassList;
import dev.sonde.engine.pass.ProbeNeeds;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.NearestNames;
import dev.sonde.engine.plugin.PluginLoader;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.plugin.PluginRequiredException;
import dev.sonde.engine.tools.DirectionFiles;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An experiment with everything found and checked that can be before the first pass: names,
 * settings, data, models, hook points. Nothing has been computed or written.
 */
final class RunSetup implements AutoCloseable {
  private final OpenInputs inputs;
  private final List<SetUpProbe> probes;
  private final PassList passes;
  private final PluginRegistry plugins;
  private final Resources resources;
  private final Progress progress;

  private RunSetup(
      OpenInputs inputs,
      List<SetUpProbe> probes,
      PassList passes,
      PluginRegistry plugins,
      Resources resources,
      Progress progress) {
    this.inputs = inputs;
    this.probes = probes;
    this.passes = passes;
    this.plugins = plugins;
    this.resources = resources;
    this.progress = progress;
  }

  static RunSetup of(
      Experiment experiment, PluginRegistry plugins, Folders folders, Progress progress) {
    experiment.probes().forEach(part -> plugins.find(ExtensionKind.PROBE, part.use()));
    return over(OpenInputs.of(experiment, plugins, folders, progress), plugins, folders, progress);
  }

  /**
   * The same over inputs that are open.
   *
   * @throws dev.sonde.api.SondeException if something is wrong; then they are closed
   */
  static RunSetup over(
      OpenInputs inputs, PluginRegistry plugins, Folders folders, Progress progress) {
    Experiment experiment = inputs.experiment();
    try {
      List<SetUpProbe> probes =
          experiment.probes().stream().map(part -> SetUpProbe.of(part, plugins, inputs)).toList();
      requireDecoders(experiment, probes, new Decoders(plugins, experiment.decoders()));
      requireColumns(experiment, probes);
      PassList passes = PassList.of(inputs, probes.stream().map(SetUpProbe::needs).toList());
      return new RunSetup(inputs, probes, passes, plugins, folders.resources(), progress);
    } catch (RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  /** Refuses decoders that no plugin has, or whose settings are wrong. */
  private static void requireDecoders(
      Experiment experiment, List<SetUpProbe> probes, Decoders decoders) {
    experiment.decoders().keySet().forEach(decoders::find);
    probes.stream()
        .flatMap(probe -> probe.needs().needs().evaluations().stream())
        .flatMap(spec -> spec.decoders().stream())
        .forEach(decoders::find);
  }

  /** Refuses labels and confounds that the probe which is to make them does not announce. */
  private static void requireColumns(Experiment experiment, List<SetUpProbe> probes) {
    Map<String, List<String>> made = new LinkedHashMap<>();
    probes.forEach(probe -> made.put(probe.name(), probe.needs().needs().columns()));
    for (ProbePart part : experiment.probes()) {
      part.maker()
          .ifPresent(
              maker ->
                  requireColumn(
                      part.labels().orElseThrow(), "label", part.madeColumn(), maker, made));
    }
    ConfigView data = experiment.data().config();
    for (String confound : data.strings("confounds")) {
      made.keySet().stream()
          .filter(name -> confound.startsWith(name + "."))
          .findFirst()
          .ifPresent(
              maker ->
                  requireColumn(
                      data,
                      "confounds",
                      Optional.of(confound.substring(maker.length() + 1)),
                      maker,
                      made));
    }
  }

  private static void requireColumn(
      ConfigView config,
      String key,
      Optional<String> column,
      String maker,
      Map<String, List<String>> made) {
    List<String> columns = made.getOrDefault(maker, List.of());
    String name = column.orElseThrow();
    if (columns.isEmpty()) {
      throw config.error(key, "the probe '%s' makes no columns".formatted(maker));
    }
    if (!columns.contains(name)) {
      throw config.error(
          key,
          "the probe '%s' makes no column '%s' as it is set; %s"
              .formatted(maker, name, NearestNames.hint(name, columns)));
    }
  }

  Experiment experiment() {
    return inputs.experiment();
  }

  /** The open models and data sets. */
  OpenInputs inputs() {
    return inputs;
  }

  List<SetUpProbe> probes() {
    return probes;
  }

  /** What the probes need. */
  List<ProbeNeeds> needs() {
    return probes.stream().map(SetUpProbe::needs).toList();
  }

  PassList passes() {
    return passes;
  }

  Decoders decoders() {
    return new Decoders(plugins, experiment().decoders());
  }

  DirectionFiles directionFiles() {
    return new DirectionFiles(plugins);
  }

  /** The linear algebra of the main backend's plugin where it has one, else the engine's own. */
  LinearAlgebra linearAlgebra() {
    return new LazyLinearAlgebra(plugins, inputs.model().plugin(), resources);
  }

  /** The plugins that the run uses, each once. */
  List<LoadedPlugin> usedPlugins() {
    Set<LoadedPlugin> used = new LinkedHashSet<>();
    for (OpenModel model : inputs.all()) {
      used.add(model.plugin());
      model.tokenizerPlugin().ifPresent(used::add);
    }
    for (SetUpProbe probe : probes) {
      used.add(probe.plugin());
      probe.needs().needs().evaluations().stream()
          .flatMap(spec -> spec.decoders().stream())
          .forEach(name -> used.add(plugins.find(ExtensionKind.DECODER, name).plugin()));
    }
    return List.copyOf(used);
  }

  /** The probes that need a plugin which is not bundled, by name. */
  Set<String> foreignProbes() {
    boolean foreignModel =
        inputs.all().stream()
            .anyMatch(
                model ->
                    isForeign(model.plugin())
                        || model.tokenizerPlugin().filter(RunSetup::isForeign).isPresent());
    Set<String> foreign = new LinkedHashSet<>();
    for (SetUpProbe probe : probes) {
      boolean foreignDecoder =
          probe.needs().needs().evaluations().stream()
              .flatMap(spec -> spec.decoders().stream())
              .anyMatch(name -> isForeign(plugins.find(ExtensionKind.DECODER, name).plugin()));
      if (foreignModel || foreignDecoder || isForeign(probe.plugin())) {
        foreign.add(probe.name());
      }
    }
    return foreign;
  }

  private static boolean isForeign(LoadedPlugin plugin) {
    return !plugin.origin().equals(PluginLoader.BUNDLED);
  }

  /** The experiment with defaults and absolute paths. */
  String resolved() {
    Map<String, ConfigView> settings = new LinkedHashMap<>();
    probes.forEach(probe -> settings.put(probe.name(), probe.with()));
    return inputs.resolved(settings);
  }

  /**
   * What was taken where files left it open how texts become tokens, one sentence each: for the
   * screen, the log and the report.
   */
  List<String> guesses() {
    Set<String> guesses = new LinkedHashSet<>();
    guesses.addAll(inputs.model().tokenizerNotes());
    inputs.models().forEach(name -> guesses.addAll(inputs.model(name).tokenizerNotes()));
    passes.all().forEach(pass -> pass.rows().twice().ifPresent(guesses::add));
    return List.copyOf(guesses);
  }

  @Override
  public void close() {
    for (SetUpProbe probe : probes) {
      try {
        probe.close();
      } catch (PluginRequiredException e) {
        progress.warning(e.getMessage() + "; what it reported stands");
      }
    }
    inputs.close();
  }
}
