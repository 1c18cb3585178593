package dev.sonde.formats.vector;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A steering vector of IBM's activation-steering, a {@code .svec} file: JSON with {@code
 * model_type}, {@code directions} by layer and {@code explained_variances}. The directions of layer
 * N are found at the output of the block N, counted from 0.
 *
 * @param modelType the model's family; empty where the file does not say
 * @param directions by block, {@code [d_model]} each, in file order
 * @param explainedVariances by block, where the file has them
 */
public record SteeringVector(
    String modelType, Map<Integer, float[]> directions, Map<Integer, Double> explainedVariances) {
  /** Far above the largest models' 130 layers of 16 384 numbers of 24 characters. */
  private static final long LONGEST_FILE = 1 << 28;

  private static final String LAYER = "\\d{1,6}";

  /** A steering vector with its maps copied. */
  public SteeringVector {
    directions = Collections.unmodifiableMap(new LinkedHashMap<>(directions));
    explainedVariances = Collections.unmodifiableMap(new LinkedHashMap<>(explainedVariances));
  }

  /**
   * Reads a file.
   *
   * @throws FormatException naming the file, and line and column or layer, if it is missing,
   *     truncated or malformed
   */
  public static SteeringVector read(Path path) {
    Map<String, Object> root = Json.object(path, bytes(path));
    Map<Integer, float[]> directions = new LinkedHashMap<>();
    int width = 0;
    for (Map.Entry<Integer, Object> entry : byLayer(path, root, "directions").entrySet()) {
      float[] direction = direction(path, entry.getKey(), entry.getValue());
      if (direction.length == 0 || (width != 0 && direction.length != width)) {
        throw problem(
            path,
            entry.getKey(),
            "has %d numbers%s"
                .formatted(direction.length, width == 0 ? "" : ", others have " + width));
      }
      width = direction.length;
      directions.put(entry.getKey(), direction);
    }
    if (directions.isEmpty()) {
      throw new FormatException(path, "has no 'directions'");
    }
    Map<Integer, Double> variances = new LinkedHashMap<>();
    byLayer(path, root, "explained_variances")
        .forEach((layer, value) -> variances.put(layer, number(path, layer, value)));
    return new SteeringVector(
        root.get("model_type") instanceof String type ? type : "", directions, variances);
  }

  private static byte[] bytes(Path path) {
    try {
      long size = Files.size(path);
      if (size > LONGEST_FILE) {
        throw new FormatException(
            path, "has %d bytes, more than the %d of any .svec".formatted(size, LONGEST_FILE));
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new FormatException(path, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static Map<Integer, Object> byLayer(Path path, Map<String, Object> root, String key) {
    Map<Integer, Object> byLayer = new LinkedHashMap<>();
    Object value = root.getOrDefault(key, Map.of());
    if (!(value instanceof Map<?, ?> map)) {
      throw new FormatException(path, "'%s' is no object of layers".formatted(key));
    }
    map.forEach(
        (layer, item) -> {
          if (!((String) layer).matches(LAYER)) {
            throw new FormatException(
                path, "'%s' has the layer '%s', which is no number".formatted(key, layer));
          }
          byLayer.put(Integer.parseInt((String) layer), item);
        });
    return byLayer;
  }

  private static float[] direction(Path path, int layer, Object value) {
    if (!(value instanceof List<?> list)) {
      throw problem(path, layer, "is no list of numbers");
    }
    float[] direction = new float[list.size()];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = (float) number(path, layer, list.get(i));
      if (!Float.isFinite(direction[i])) {
        throw problem(path, layer, "holds %s, which is no float32".formatted(list.get(i)));
      }
    }
    return direction;
  }

  private static double number(Path path, int layer, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw problem(path, layer, "holds something that is no number");
  }

  private static FormatException problem(Path path, int layer, String what) {
    return new FormatException(path, "layer %d %s".formatted(layer, what));
  }
}
