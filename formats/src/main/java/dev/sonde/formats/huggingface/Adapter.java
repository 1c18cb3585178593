package dev.sonde.formats.huggingface;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.formats.safetensors.TensorFolder;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A LoRA adapter as PEFT writes it: to some weights of a base model a product of two narrow
 * matrices is added (Hu and others 2021).
 */
final class Adapter {
  static final String CONFIG = "adapter_config.json";
  private static final String PREFIX = "base_model.model.";
  private static final String BASE = "base_model_name_or_path";

  private final Path folder;
  private final Fields config;
  private final TensorFolder tensors;

  Adapter(Path folder, Fields config) {
    this.folder = folder;
    this.config = config;
    if (!config.text("peft_type", "LORA").equals("LORA")) {
      throw config.problem("peft_type", "is not read; only LORA is");
    }
    for (String other : List.of("use_dora", "fan_in_fan_out", "lora_bias")) {
      if (config.flagOrNone(other, false)) {
        throw config.problem(other, "is not computed; merge the adapter with merge_and_unload");
      }
    }
    this.tensors = TensorFolder.open(folder, "adapter_model", Arena.ofAuto());
  }

  /** The weights' files. */
  List<Path> files() {
    return tensors.files();
  }

  /**
   * The folder of the model that is adapted.
   *
   * @throws FormatException if it is not on this machine
   */
  Path base() {
    String name = config.text(BASE, "");
    return Optional.of(folder.resolve(name))
        .filter(path -> !name.isEmpty() && Files.exists(path.resolve("config.json")))
        .orElseThrow(
            () ->
                new FormatException(
                    folder,
                    "holds a LoRA adapter (%s) of '%s', and no folder of that name beside it: set %s to the base model's folder, or merge the two with PEFT's merge_and_unload"
                        .formatted(CONFIG, name, BASE)));
  }

  /** The weights of the base that it changes, changed. */
  Map<String, Weight> apply(Map<String, ? extends Weight> base) {
    Map<String, Weight> changed = new LinkedHashMap<>();
    for (Tensor tensor : tensors.tensors().values()) {
      String name = tensor.name();
      if (!name.startsWith(PREFIX)) {
        throw new FormatException(folder, "tensor '" + name + "' is not of an adapter");
      }
      String module = name.substring(PREFIX.length());
      if (module.endsWith(".lora_A.weight")) {
        adapt(
            module.substring(0, module.length() - ".lora_A.weight".length()),
            tensor,
            base,
            changed);
      } else if (!module.contains(".lora_")) {
        changed.put(
            adapted(base, module.replace(".modules_to_save.", ".").replace(".base_layer.", "."))
                .name(),
            tensor);
      } else if (!module.endsWith(".lora_B.weight")) {
        throw new FormatException(
            folder, "tensor '" + name + "' is not computed; merge the adapter");
      }
    }
    return changed;
  }

  private void adapt(
      String module, Tensor down, Map<String, ? extends Weight> base, Map<String, Weight> changed) {
    Tensor up = tensors.tensors().get(PREFIX + module + ".lora_B.weight");
    if (up == null) {
      throw new FormatException(folder, "module '" + module + "' has lora_A and no lora_B");
    }
    Weight weight = adapted(base, module + ".weight");
    List<Long> shape = List.of(up.shape().getFirst(), down.shape().getLast());
    if (!weight.shape().equals(shape)) {
      throw new FormatException(
          folder,
          "module '%s' is adapted as %s, the base has %s".formatted(module, shape, weight.shape()));
    }
    changed.put(
        weight.name(), LowRankWeight.of(weight, down, up, scale(module, down.shape().getFirst())));
  }

  private Weight adapted(Map<String, ? extends Weight> base, String name) {
    String bare = name.substring(name.indexOf('.') + 1);
    Weight found = base.containsKey(name) ? base.get(name) : base.get(bare);
    if (found == null) {
      throw new FormatException(
          folder, "adapts '" + name + "', which the base model's files do not have");
    }
    return found;
  }

  private double scale(String module, long rank) {
    double alpha = pattern("alpha_pattern", module).orElseGet(() -> config.real("lora_alpha", 8));
    return config.flag("use_rslora", false) ? alpha / Math.sqrt((double) rank) : alpha / rank;
  }

  /** A value for modules whose names end so. */
  private Optional<Double> pattern(String field, String module) {
    return config
        .object(field)
        .flatMap(
            patterns ->
                patterns.names().stream()
                    .filter(name -> module.equals(name) || module.endsWith("." + name))
                    .findFirst()
                    .map(patterns::real));
  }
}
