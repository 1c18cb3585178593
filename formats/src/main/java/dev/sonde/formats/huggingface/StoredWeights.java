package dev.sonde.formats.huggingface;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tensors of a model's files, found by any of the names that files have them under. */
final class StoredWeights {
  private static final int COMPARED_AT_ONCE = 1 << 16;

  private final Path folder;
  private final Map<String, ? extends Weight> tensors;
  private Optional<Boolean> differs = Optional.empty();

  StoredWeights(Path folder, Map<String, ? extends Weight> tensors) {
    this.folder = folder;
    this.tensors = tensors;
  }

  Path folder() {
    return folder;
  }

  private Optional<String> key(ModuleNames module, String suffix) {
    return module
        .all()
        .map(name -> name + suffix)
        .filter(tensors::containsKey)
        .findFirst()
        .or(() -> bare(module.path() + suffix));
  }

  /** Files of a bare decoder leave out the first part of the names. */
  private Optional<String> bare(String name) {
    String bare = name.substring(name.indexOf('.') + 1);
    return tensors.containsKey(bare) && !bare.equals(name) ? Optional.of(bare) : Optional.empty();
  }

  boolean has(ModuleNames module, String suffix) {
    return key(module, suffix).isPresent();
  }

  /** How many sizes a weight has; 0 if there is none. */
  int rank(ModuleNames module, String suffix) {
    return has(module, suffix) ? find(module, suffix).shape().size() : 0;
  }

  /**
   * A weight, whatever its shape.
   *
   * @throws FormatException if there is none
   */
  Weight find(ModuleNames module, String suffix) {
    return key(module, suffix)
        .<Weight>map(tensors::get)
        .orElseThrow(
            () ->
                new FormatException(
                    folder, "the weights have no tensor '" + module.path() + suffix + "'"));
  }

  /**
   * A weight of a certain shape.
   *
   * @throws FormatException if there is none of that name, or its shape differs
   */
  Weight weight(ModuleNames module, String suffix, long... shape) {
    Weight found = find(module, suffix);
    List<Long> wanted = Arrays.stream(shape).boxed().toList();
    if (!found.shape().equals(wanted)) {
      throw new FormatException(
          folder,
          "tensor '%s' has shape %s, config.json makes it %s"
              .formatted(found.name(), found.shape(), wanted));
    }
    return found;
  }

  /** A weight, where there is one of that name. */
  Optional<Weight> optional(ModuleNames module, String suffix, long... shape) {
    return has(module, suffix) ? Optional.of(weight(module, suffix, shape)) : Optional.empty();
  }

  /** A tensor of bytes of a certain shape. */
  Tensor bytes(ModuleNames module, String suffix, long... shape) {
    if (weight(module, suffix, shape) instanceof Tensor tensor) {
      return tensor;
    }
    throw new FormatException(
        folder, "tensor '" + module.path() + suffix + "' does not hold bytes");
  }

  /** Whether two weights of one shape hold different numbers; looked at once. */
  boolean differ(ModuleNames one, ModuleNames other) {
    if (differs.isEmpty()) {
      Weight a = find(one, ".weight");
      Weight b = find(other, ".weight");
      differs = Optional.of(!a.shape().equals(b.shape()) || !sameNumbers(a, b));
    }
    return differs.get();
  }

  private static boolean sameNumbers(Weight a, Weight b) {
    MemorySegment left = MemorySegment.ofArray(new float[COMPARED_AT_ONCE]);
    MemorySegment right = MemorySegment.ofArray(new float[COMPARED_AT_ONCE]);
    for (long from = 0; from < a.count(); from += COMPARED_AT_ONCE) {
      long some = Math.min(COMPARED_AT_ONCE, a.count() - from);
      a.copyFloats(from, left, some);
      b.copyFloats(from, right, some);
      if (left.asSlice(0, some * Float.BYTES).mismatch(right.asSlice(0, some * Float.BYTES)) >= 0) {
        return false;
      }
    }
    return true;
  }

  Map<String, ? extends Weight> tensors() {
    return tensors;
  }
}
