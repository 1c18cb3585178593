package dev.sonde.engine.experiment;

import dev.sonde.engine.experiment.Experiment.DataPart;
import dev.sonde.engine.experiment.Experiment.ErasePart;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes experiments with everything filled in. */
public final class ResolvedExperiment {
  private ResolvedExperiment() {}

  /**
   * The whole experiment as YAML with defaults filled in and absolute paths, from which a run can
   * be resumed.
   *
   * @param experiment as it was read
   * @param mainModel the main model as it was opened
   * @param furtherModels the further ones, by name
   * @param paths of the data sets by name, the main one's as {@code data}: absolute, or of the hub
   *     with the commit
   * @param probeSettings per probe its settings with defaults
   */
  public static String text(
      Experiment experiment,
      ModelPart mainModel,
      Map<String, ModelPart> furtherModels,
      Map<String, String> paths,
      Map<String, ConfigView> probeSettings) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("sonde", ExperimentFile.FORMAT);
    root.put("name", experiment.name());
    root.put("seed", experiment.seed());
    root.put("model", plain(mainModel));
    if (!furtherModels.isEmpty()) {
      Map<String, Object> modelsMap = new LinkedHashMap<>();
      furtherModels.forEach((key, part) -> modelsMap.put(key, plain(part)));
      root.put("models", modelsMap);
    }
    root.put("data", resolved(experiment.data(), paths.get("data")));
    if (!experiment.sets().isEmpty()) {
      Map<String, Object> setsMap = new LinkedHashMap<>();
      experiment.sets().forEach((set, part) -> setsMap.put(set, resolved(part, paths.get(set))));
      root.put("sets", setsMap);
    }
    root.put(
        "probes",
        experiment.probes().stream()
            .map(
                probe -> {
                  Map<String, Object> map = new LinkedHashMap<>();
                  map.put("name", probe.name());
                  map.put("use", probe.use());
                  ConfigView with = probeSettings.get(probe.name());
                  map.put("with", with == null ? Map.of() : with.plain());
                  probe.labels().ifPresent(labels -> map.put("data", labels.plain()));
                  return map;
                })
            .toList());
    if (!experiment.decoders().isEmpty()) {
      Map<String, Object> decodersMap = new LinkedHashMap<>();
      experiment.decoders().forEach((decoder, part) -> decodersMap.put(decoder, part.plain()));
      root.put("decoders", decodersMap);
    }
    root.put("evaluation", plain(experiment.evaluation()));
    return Yaml.write(root);
  }

  private static Map<String, Object> plain(ModelPart part) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("ref", part.ref());
    map.put("backend", part.backend());
    map.put("dtype", part.dtype());
    part.with().ifPresent(with -> map.put("with", with.plain()));
    return map;
  }

  private static Map<String, Object> resolved(DataPart part, @Nullable String path) {
    Map<String, Object> map = new LinkedHashMap<>(part.config().plain());
    map.put("path", path == null ? part.file().toString() : path);
    return map;
  }

  private static Map<String, Object> plain(EvaluationPart part) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("folds", part.folds());
    map.put("inner_folds", part.innerFolds());
    map.put("permutations", part.permutations());
    map.put("refits", part.refits());
    map.put("bootstrap", part.bootstrap());
    map.put("control_tasks", part.controlTasks());
    map.put("random_init", part.randomInit());
    ErasePart erase = part.erase();
    map.put("erase", erase.methods());
    map.put("erase_rounds", erase.rounds());
    map.put("erase_shrinkage", erase.shrinkage());
    map.put("erase_left", erase.left());
    return map;
  }
}
