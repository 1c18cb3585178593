package dev.sonde.formats.huggingface;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * In which form a folder has its weights. Forms that are not read are named, with the way out,
 * before any tensor is looked up.
 */
final class WeightForms {
  private static final String WEIGHT = ".weight";
  private static final String OTHERWISE =
      "use the model's unquantised weights, or a GGUF file of it";

  private WeightForms() {}

  /**
   * Weights as numbers.
   *
   * @param remarks what is to be said of their form
   */
  record AsNumbers(Map<String, ? extends Weight> weights, List<String> remarks) {}

  /**
   * Looks at the names of a folder's files.
   *
   * @throws FormatException naming what lies there instead of safetensors
   */
  static void check(Path folder) {
    List<String> names = names(folder);
    if (!names.contains("config.json")) {
      if (names.contains("params.json") || names.stream().anyMatch(WeightForms::isConsolidated)) {
        throw consolidated(folder, names);
      }
      return;
    }
    if (names.contains("model.safetensors") || names.contains("model.safetensors.index.json")) {
      return;
    }
    if (names.stream().anyMatch(WeightForms::isConsolidated)) {
      throw consolidated(folder, names);
    }
    refuse(
        folder,
        names,
        name -> name.matches("(?:pytorch_model|model).*\\.bin|.*\\.(?:pth|pt|ckpt)"),
        "is a pickle, which can run code when it is read and is not opened; save the model as"
            + " safetensors: save_pretrained of transformers writes them");
    refuse(
        folder,
        names,
        name -> name.matches("tf_model.*\\.h5|flax_model.*\\.msgpack"),
        "is a format of TensorFlow or Flax; save the model as safetensors");
    refuse(
        folder,
        names,
        name -> name.matches(".*\\.(?:incomplete|part|aria2|crdownload)"),
        "is a download that was not finished; fetch the file again");
    refuse(folder, names, name -> name.endsWith(".gguf"), "is the model: name that file itself");
    refuse(
        folder,
        names,
        name -> name.matches("model-\\d{5}-of-\\d{5}\\.safetensors"),
        "is one shard of the weights, and model.safetensors.index.json, which says what is in"
            + " which, is missing");
  }

  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new FormatException(folder, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isConsolidated(String name) {
    return name.matches("consolidated.*\\.(?:safetensors|pth)");
  }

  private static FormatException consolidated(Path folder, List<String> names) {
    String file =
        names.stream().filter(WeightForms::isConsolidated).findFirst().orElse("params.json");
    return new FormatException(
        folder.resolve(file),
        "holds the weights under the names of the model's makers; use the folder as transformers"
            + " has it, with config.json and model.safetensors");
  }

  private static void refuse(
      Path folder, List<String> names, Predicate<String> which, String what) {
    names.stream()
        .filter(which)
        .findFirst()
        .ifPresent(
            name -> {
              throw new FormatException(folder.resolve(name), what);
            });
  }

  /**
   * The weights as numbers, whatever they are stored as.
   *
   * @throws FormatException naming a form that is not read
   */
  static AsNumbers read(Path folder, Fields config, Map<String, Tensor> tensors) {
    Optional<Fields> quantised = config.object("quantization_config");
    String method =
        quantised
            .map(q -> q.text("quant_method", q.flag("load_in_8bit", false) ? "bitsandbytes" : ""))
            .orElse("");
    tensors.keySet().stream()
        .filter(name -> name.startsWith("_orig_mod."))
        .findFirst()
        .ifPresent(
            name -> {
              throw new FormatException(
                  folder,
                  "tensor '%s' has the name that a compiled module gives it; take _orig_mod. off the names, or save the module that was compiled"
                      .formatted(name));
            });
    if (tensors.keySet().stream().anyMatch(n -> n.endsWith(".qweight") || n.endsWith(".qzeros"))) {
      throw notRead(folder, method.isEmpty() ? "gptq or awq" : method, "qweight");
    }
    return switch (method) {
      case "" -> plain(folder, tensors);
      case "mxfp4" -> new AsNumbers(tensors, List.of());
      case "fp8", "fbgemm_fp8" -> scaled(folder, method, tensors);
      case "compressed-tensors" -> {
        String format = quantised.orElseThrow().text("format", "");
        if (!format.equals("float-quantized") && !format.equals("naive-quantized")) {
          throw notRead(folder, method + " in the format " + format, "weight_scale");
        }
        yield scaled(folder, method, tensors);
      }
      case "bitsandbytes" -> BitsAndBytes.read(folder, tensors);
      default -> throw notRead(folder, method, "quant_method");
    };
  }

  static FormatException notRead(Path folder, String method, String shownBy) {
    return new FormatException(
        folder,
        "the weights are quantised by %s (quantization_config in config.json, %s), which is not read; %s"
            .formatted(method, shownBy, OTHERWISE));
  }

  private static AsNumbers plain(Path folder, Map<String, Tensor> tensors) {
    for (Tensor tensor : tensors.values()) {
      boolean whole = !tensor.dtype().isReal() && tensor.dtype() != DType.BOOL;
      if (whole && tensor.name().endsWith(WEIGHT) && tensor.shape().size() == 2) {
        throw new FormatException(
            folder,
            "tensor '%s' holds whole numbers (%s): the weights are quantised, and no quantization_config in config.json says how; %s"
                .formatted(tensor.name(), tensor.dtype(), OTHERWISE));
      }
    }
    return tensors.values().stream().anyMatch(t -> t.dtype().isEighth())
        ? scaled(folder, "fp8", tensors)
        : new AsNumbers(tensors, List.of());
  }

  /** FP8 numbers times a scale for the tensor, each row, or each block of it. */
  private static AsNumbers scaled(Path folder, String method, Map<String, Tensor> tensors) {
    Map<String, Weight> weights = new LinkedHashMap<>(tensors);
    List<String> scaled = new ArrayList<>();
    for (Tensor tensor : tensors.values()) {
      if (!tensor.dtype().isEighth()) {
        if (!tensor.dtype().isReal() && tensor.name().endsWith(WEIGHT)) {
          throw notRead(folder, method + " as " + tensor.dtype(), tensor.name());
        }
        continue;
      }
      Tensor scale =
          Stream.of("_scale_inv", "_scale")
              .map(suffix -> tensors.get(tensor.name() + suffix))
              .filter(t -> t != null)
              .findFirst()
              .orElseThrow(
                  () ->
                      new FormatException(
                          folder,
                          "tensor '%s' holds FP8 numbers, and no '%s_scale' says what they stand for"
                              .formatted(tensor.name(), tensor.name())));
      weights.put(tensor.name(), ScaledWeight.of(folder, tensor, scale));
      weights.remove(scale.name());
      weights.remove(tensor.name().replaceAll("weight$", "input_scale"));
      scaled.add(tensor.name());
    }
    return new AsNumbers(
        weights,
        scaled.isEmpty()
            ? List.of()
            : List.of(
                "%s: %d weights are stored as FP8 with scales; they are computed with in float32"
                    .formatted(folder, scaled.size())));
  }
}
