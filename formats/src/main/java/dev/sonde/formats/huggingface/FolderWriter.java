package dev.sonde.formats.huggingface;

import dev.sonde.formats.TextFile;
import dev.sonde.formats.Weight;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a model folder: its weights in float32, its configuration, and its tokenizer's files. */
final class FolderWriter {
  private static final int ALIGNMENT = 64;

  /** What tells transformers in which number type to open the weights. */
  private static final Pattern DTYPE = Pattern.compile("(\"(?:torch_)?dtype\"\\s*:\\s*)\"\\w+\"");

  /** What stands beside the weights and says nothing of them. */
  private static final List<String> BESIDE =
      List.of(
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja");

  private FolderWriter() {}

  static void write(Path from, Collection<? extends Weight> weights, Path to) throws IOException {
    Files.createDirectories(to);
    try (Arena arena = Arena.ofConfined()) {
      List<Tensor> tensors = weights.stream().map(w -> tensor(w, arena)).toList();
      SafetensorsWriter.write(to.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    }
    for (String name : BESIDE) {
      if (Files.exists(from.resolve(name))) {
        Files.copy(from.resolve(name), to.resolve(name));
      }
    }
    String config = TextFile.read(from.resolve("config.json"));
    Files.writeString(to.resolve("config.json"), DTYPE.matcher(config).replaceAll("$1\"float32\""));
  }

  private static Tensor tensor(Weight weight, Arena arena) {
    if (weight instanceof Tensor tensor && !tensor.dtype().isReal()) {
      return tensor;
    }
    MemorySegment cells =
        weight
            .float32()
            .orElseGet(
                () -> {
                  MemorySegment copy = arena.allocate(weight.count() * Float.BYTES, ALIGNMENT);
                  weight.copyFloats(0, copy, weight.count());
                  return copy;
                });
    return Tensor.float32(
        weight.name(), cells, weight.shape().stream().mapToLong(Long::longValue).toArray());
  }
}
