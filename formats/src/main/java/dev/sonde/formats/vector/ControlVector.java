package dev.sonde.formats.vector;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufFile;
import dev.sonde.formats.gguf.GgufPair;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.gguf.GgufType;
import dev.sonde.formats.gguf.GgufWriter;
import dev.sonde.formats.gguf.ValueType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GGUF control vector as llama.cpp and repeng read and write it. Tensor {@code direction.N} is
 * added to the output of the block N, counted from 0; there is none for block 0, because llama.cpp
 * refuses it.
 *
 * @param pairs metadata but for arrays, in file order
 * @param directions by block, {@code [d_model]} each, in file order
 */
public record ControlVector(List<GgufPair> pairs, Map<Integer, float[]> directions) {
  /** The value of {@code general.architecture}. */
  public static final String ARCHITECTURE = "controlvector";

  /** The first block that may have a direction. */
  public static final int FIRST_LAYER = 1;

  private static final String ARCHITECTURE_KEY = "general.architecture";
  private static final String HINT = ARCHITECTURE + ".model_hint";
  private static final String LAYER_COUNT = ARCHITECTURE + ".layer_count";
  private static final String DIRECTION = "direction.";
  private static final Pattern NAME = Pattern.compile("direction\\.([1-9]\\d{0,5})");

  /** A control vector with list and map copied. */
  public ControlVector {
    pairs = List.copyOf(pairs);
    directions = Collections.unmodifiableMap(new LinkedHashMap<>(directions));
  }

  /**
   * A new one.
   *
   * @param modelHint the model's family, for example {@code llama}
   * @param remarks further texts by key
   */
  public static ControlVector of(
      String modelHint, Map<String, String> remarks, Map<Integer, float[]> directions) {
    List<GgufPair> pairs = new ArrayList<>();
    pairs.add(GgufPair.text(ARCHITECTURE_KEY, ARCHITECTURE));
    pairs.add(GgufPair.text(HINT, modelHint));
    pairs.add(new GgufPair(LAYER_COUNT, ValueType.UINT32, (long) directions.size()));
    remarks.forEach((key, value) -> pairs.add(GgufPair.text(key, value)));
    return new ControlVector(pairs, directions);
  }

  /**
   * Reads a file.
   *
   * @throws FormatException naming the file, and byte or tensor, if it is missing, truncated,
   *     malformed, or what llama.cpp would refuse
   */
  public static ControlVector read(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      GgufFile file = GgufFile.open(path, arena);
      String architecture = file.metadata().text(ARCHITECTURE_KEY).orElse("");
      if (!architecture.equals(ARCHITECTURE)) {
        throw new FormatException(
            path,
            "is no control vector: its %s is '%s', not '%s'"
                .formatted(ARCHITECTURE_KEY, architecture, ARCHITECTURE));
      }
      file.metadata().text(HINT);
      file.metadata().whole(LAYER_COUNT);
      List<GgufPair> pairs =
          file.metadata().pairs().stream().filter(p -> p.type() != ValueType.ARRAY).toList();
      return new ControlVector(pairs, directions(file));
    }
  }

  private static Map<Integer, float[]> directions(GgufFile file) {
    Map<Integer, float[]> directions = new LinkedHashMap<>();
    long width = 0;
    for (GgufTensor tensor : file.tensors().values()) {
      Matcher name = NAME.matcher(tensor.name());
      if (!name.matches()) {
        throw problem(file, tensor, "is not named direction.N with a block N from 1 on");
      }
      if (tensor.type() != GgufType.F32 || tensor.shape().size() != 1) {
        throw problem(
            file,
            tensor,
            "is %s of shape %s, not F32 of one size".formatted(tensor.type(), tensor.shape()));
      }
      if (width != 0 && width != tensor.count()) {
        throw problem(
            file, tensor, "has %d numbers, others have %d".formatted(tensor.count(), width));
      }
      width = tensor.count();
      float[] direction = new float[Math.toIntExact(width)];
      tensor.copyFloats(0, MemorySegment.ofArray(direction), width);
      directions.put(Integer.parseInt(name.group(1)), direction);
    }
    if (directions.isEmpty()) {
      throw new FormatException(file.path(), "holds no direction");
    }
    return directions;
  }

  private static FormatException problem(GgufFile file, GgufTensor tensor, String what) {
    return new FormatException(file.path(), "tensor '%s' %s".formatted(tensor.name(), what));
  }

  /** The file's bytes: of a file that was read, and had no arrays, the same. */
  public byte[] bytes() {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    directions.forEach((layer, direction) -> tensors.put(DIRECTION + layer, direction));
    return GgufWriter.bytes(pairs, tensors);
  }
}
