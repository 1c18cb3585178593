package dev.sonde.formats.safetensors;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The {@code *.safetensors.index.json} beside sharded files: which tensor is in which file. */
public final class ShardIndex {
  /** What the names of such files end in, after the stem of the shards. */
  public static final String SUFFIX = ".safetensors.index.json";

  private static final JsonFactory JSON = new JsonFactory();

  private ShardIndex() {}

  /**
   * Tensor name to file.
   *
   * @throws FormatException if the index is malformed, or a file name leaves the folder
   */
  public static Map<String, Path> read(Path index) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(index);
    } catch (IOException e) {
      throw new FormatException(index, "cannot be read: " + e.getMessage(), e);
    }
    if (!(Json.object(index, bytes).get("weight_map") instanceof Map<?, ?> map)) {
      throw new FormatException(index, "has no weight_map");
    }
    Map<String, Path> files = new LinkedHashMap<>();
    map.forEach(
        (tensor, file) -> {
          String name = String.valueOf(file);
          if (name.contains("/")
              || name.contains("\\")
              || name.contains("..")
              || name.contains("\0")) {
            throw new FormatException(index, "file name '" + name + "' leaves the folder");
          }
          files.put(String.valueOf(tensor), index.resolveSibling(name));
        });
    return files;
  }

  static void write(Path index, Map<String, String> weightMap, long totalBytes) throws IOException {
    try (Writer text = Files.newBufferedWriter(index);
        JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeObjectPropertyStart("metadata");
      json.writeNumberProperty("total_size", totalBytes);
      json.writeEndObject();
      json.writeObjectPropertyStart("weight_map");
      weightMap.forEach(json::writeStringProperty);
      json.writeEndObject();
      json.writeEndObject();
    }
  }
}
