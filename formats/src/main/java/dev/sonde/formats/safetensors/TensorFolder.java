package dev.sonde.formats.safetensors;

import dev.sonde.formats.FormatException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a single file or of shards with an index, as one set. */
public final class TensorFolder {
  private final List<Path> files;
  private final Map<String, Tensor> tensors;

  private TensorFolder(List<Path> files, Map<String, Tensor> tensors) {
    this.files = List.copyOf(files);
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Maps {@code stem.safetensors}, else the shards of {@code stem.safetensors.index.json}.
   *
   * @throws FormatException naming the file if there is neither, or one is malformed
   */
  public static TensorFolder open(Path folder, String stem, Arena arena) {
    Path single = folder.resolve(stem + ".safetensors");
    Path index = folder.resolve(stem + ShardIndex.SUFFIX);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    if (Files.exists(single)) {
      tensors.putAll(SafetensorsFile.open(single, arena).tensors());
      return new TensorFolder(List.of(single), tensors);
    }
    if (!Files.exists(index)) {
      throw new FormatException(
          folder,
          "has no weights: neither %s nor %s".formatted(single.getFileName(), index.getFileName()));
    }
    Map<String, Path> files = ShardIndex.read(index);
    Map<Path, SafetensorsFile> opened = new LinkedHashMap<>();
    files.forEach(
        (name, file) ->
            tensors.put(
                name,
                opened.computeIfAbsent(file, f -> SafetensorsFile.open(f, arena)).tensor(name)));
    return new TensorFolder(List.copyOf(opened.keySet()), tensors);
  }

  /** The files that hold the tensors. */
  public List<Path> files() {
    return files;
  }

  /** All tensors by name. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }
}
