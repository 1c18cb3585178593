package dev.sonde.engine.run;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An {@link Artifact} as a safetensors file: tensors as they are, integers as {@code I64}, texts as
 * {@code U8} in UTF-8. In the header stand the version of its layout and a hash over what it holds
 * and what it is the result of.
 *
 * @param identity what it is the result of
 * @param version of the layout
 */
record ArtifactFile(String identity, int version) {
  private static final String FORMAT = "sonde-artifact-1";
  private static final String VERSION = "version";
  private static final String HASH = "sha256";

  void write(Path file, Artifact artifact) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    artifact.tensors().forEach((name, matrix) -> tensors.add(tensor(name, matrix)));
    artifact.integers().forEach((name, numbers) -> tensors.add(tensor(name, numbers)));
    artifact.texts().forEach((name, text) -> tensors.add(tensor(name, text)));
    // the widest numbers first, so that each is aligned where it is mapped
    tensors.sort(Comparator.comparingInt(tensor -> -tensor.dtype().bytes()));
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("format", FORMAT);
    metadata.put(VERSION, String.valueOf(version));
    metadata.put(HASH, hash(tensors));
    SafetensorsWriter.write(file, tensors, metadata);
  }

  private static Tensor tensor(String name, Matrix matrix) {
    DType type = matrix.type() == Matrix.Type.FLOAT32 ? DType.F32 : DType.F64;
    List<Long> shape = List.of((long) matrix.rows(), (long) matrix.columns());
    return new Tensor(name, type, shape, matrix.segment());
  }

  private static Tensor tensor(String name, long[] numbers) {
    MemorySegment cells = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, numbers);
    return new Tensor(name, DType.I64, List.of((long) numbers.length), cells);
  }

  private static Tensor tensor(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Tensor(name, DType.U8, List.of((long) bytes.length), MemorySegment.ofArray(bytes));
  }

  /** Over identity, version, and per tensor name, type, shape and bytes, by name. */
  private String hash(Collection<Tensor> tensors) {
    StringBuilder text = new StringBuilder(identity).append('\n').append(version);
    tensors.stream()
        .sorted(Comparator.comparing(Tensor::name))
        .forEach(
            tensor ->
                text.append(
                    "\n%s %s %s %s"
                        .formatted(
                            tensor.name(),
                            tensor.dtype(),
                            tensor.shape(),
                            ContentHash.of(tensor.data()))));
    return ContentHash.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a file as {@link #read}, and gives none that is not as it was written. */
  Optional<Artifact> readChecked(Path path) {
    try {
      SafetensorsFile file = SafetensorsFile.open(path, Arena.ofAuto());
      return hash(file.tensors().values()).equals(file.metadata().get(HASH))
          ? read(path)
          : Optional.empty();
    } catch (FormatException damaged) {
      return Optional.empty();
    }
  }

  /**
   * Reads a file; its tensors are mapped.
   *
   * @return empty where the file is of another version
   * @throws FormatException if it is malformed
   */
  Optional<Artifact> read(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path, Arena.ofAuto());
    if (!String.valueOf(version).equals(file.metadata().get(VERSION))
        || !FORMAT.equals(file.metadata().get("format"))) {
      return Optional.empty();
    }
    Artifact artifact = Artifact.empty();
    for (Tensor tensor : file.tensors().values()) {
      artifact = with(artifact, tensor, path);
    }
    return Optional.of(artifact);
  }

  private static Artifact with(Artifact artifact, Tensor tensor, Path path) {
    String name = tensor.name();
    return switch (tensor.dtype()) {
      case F32 -> artifact.with(name, matrix(path, tensor, Matrix.Type.FLOAT32));
      case F64 -> artifact.with(name, matrix(path, tensor, Matrix.Type.FLOAT64));
      case I64 -> artifact.with(name, tensor.data().toArray(ValueLayout.JAVA_LONG_UNALIGNED));
      case U8 ->
          artifact.with(
              name,
              new String(tensor.data().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
      default -> throw new FormatException(path, "'%s' is %s".formatted(name, tensor.dtype()));
    };
  }

  private static Matrix matrix(Path path, Tensor tensor, Matrix.Type type) {
    if (tensor.shape().size() != 2) {
      throw new FormatException(path, "'%s' is no matrix".formatted(tensor.name()));
    }
    return Matrix.of(
        tensor.data(),
        type,
        Math.toIntExact(tensor.shape().getFirst()),
        Math.toIntExact(tensor.shape().getLast()));
  }
}
