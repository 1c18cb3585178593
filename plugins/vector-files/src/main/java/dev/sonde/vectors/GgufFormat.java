package dev.sonde.vectors;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.gguf.GgufPair;
import dev.sonde.formats.gguf.ValueType;
import dev.sonde.formats.vector.ControlVector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * GGUF control vectors: {@code direction.N} is {@code blocks.N.hook_resid_post}. In the metadata of
 * directions texts of a file stand under their keys, other values under {@code KEY:TYPE}, so that
 * what was read is written again to the byte.
 */
final class GgufFormat extends VectorFile {
  private static final String ARCHITECTURE = "general.architecture";
  private static final char TYPE_MARK = ':';

  /** Where our own remarks stand in a file. */
  private static final String OURS = "sonde.";

  GgufFormat() {
    super("gguf");
  }

  @Override
  public String summary() {
    return "GGUF control vectors, as llama.cpp and repeng load them";
  }

  @Override
  public boolean holds(HookPoint point) {
    return point.site().equals(HookPoint.RESID_POST)
        && point.layer().orElse(0) >= ControlVector.FIRST_LAYER;
  }

  @Override
  Directions parse(Path file) {
    ControlVector read = ControlVector.read(file);
    Map<HookPoint, float[]> vectors = new LinkedHashMap<>();
    read.directions()
        .forEach(
            (layer, direction) ->
                vectors.put(HookPoint.of(layer, HookPoint.RESID_POST), direction));
    Map<String, String> metadata = new LinkedHashMap<>();
    read.pairs().forEach(pair -> metadata.put(typedKey(pair), String.valueOf(pair.value())));
    return Directions.of(vectors, metadata);
  }

  private static String typedKey(GgufPair pair) {
    return pair.type() == ValueType.STRING ? pair.key() : pair.key() + TYPE_MARK + pair.type();
  }

  @Override
  public void write(Path file, Directions directions) {
    write(file, directions, () -> Files.write(file, controlVector(directions).bytes()));
  }

  private static ControlVector controlVector(Directions directions) {
    Map<Integer, float[]> byLayer = new LinkedHashMap<>();
    directions
        .vectors()
        .forEach((point, vector) -> byLayer.put(point.layer().orElseThrow(), vector));
    Map<String, String> metadata = directions.metadata();
    if (metadata.containsKey(ARCHITECTURE)) {
      return new ControlVector(pairs(metadata), byLayer);
    }
    Map<String, String> remarks = new LinkedHashMap<>();
    remarks.put(OURS + "measured_at", HookPoint.RESID_POST);
    metadata.forEach((key, value) -> remarks.put(OURS + key, value));
    return ControlVector.of(metadata.getOrDefault("architecture", "unknown"), remarks, byLayer);
  }

  private static List<GgufPair> pairs(Map<String, String> metadata) {
    List<GgufPair> pairs = new ArrayList<>();
    metadata.forEach((key, value) -> pairs.add(pair(key, value)));
    return pairs;
  }

  private static GgufPair pair(String typedKey, String value) {
    int mark = typedKey.lastIndexOf(TYPE_MARK);
    for (ValueType type : ValueType.values()) {
      if (mark >= 0 && typedKey.substring(mark + 1).equals(type.name())) {
        return new GgufPair(typedKey.substring(0, mark), type, type.parse(value));
      }
    }
    return GgufPair.text(typedKey, value);
  }
}
