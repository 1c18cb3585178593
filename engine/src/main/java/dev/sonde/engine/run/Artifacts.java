package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.engine.tools.DirectionFiles;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files that one probe writes into the run's {@code artifacts}. */
final class Artifacts {
  private final RunFolder folder;
  private final String probe;
  private final DirectionFiles directionFiles;

  Artifacts(RunFolder folder, String probe, DirectionFiles directionFiles) {
    this.folder = folder;
    this.probe = probe;
    this.directionFiles = directionFiles;
  }

  void tensors(String name, Map<String, Matrix> tensors, Map<String, String> metadata) {
    List<Tensor> list = new ArrayList<>();
    tensors.forEach((key, matrix) -> list.add(tensor(key, matrix)));
    Path file = fileOrFolder(name, "safetensors");
    try {
      Files.deleteIfExists(file);
      SafetensorsWriter.write(file, list, new TreeMap<>(metadata));
    } catch (IOException e) {
      throw folder.unwritable(e);
    }
  }

  private static Tensor tensor(String name, Matrix matrix) {
    DType type = matrix.type() == Matrix.Type.FLOAT32 ? DType.F32 : DType.F64;
    List<Long> shape =
        matrix.rows() == 1
            ? List.of((long) matrix.columns())
            : List.of((long) matrix.rows(), (long) matrix.columns());
    return new Tensor(name, type, shape, matrix.segment());
  }

  void directions(String name, String format, VectorFormat.Directions directions) {
    directionFiles.write(format, file(name, format), directions);
  }

  void text(String name, String ending, String text) {
    if (!ending.matches("[a-z0-9]+")) {
      throw new InvalidInputException("'%s' is no file ending".formatted(ending));
    }
    requirePlain(name);
    folder.write("artifacts/%s.%s.%s".formatted(probe, name, ending), text);
  }

  private Path file(String name, String ending) {
    requirePlain(name);
    return folder.artifact(probe + "." + name + "." + ending);
  }

  /** A file of the probe's own, or one in a folder of its own where the name has a folder. */
  private Path fileOrFolder(String name, String ending) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return file(name, ending);
    }
    requirePlain(name.substring(0, slash));
    requirePlain(name.substring(slash + 1));
    Path file = folder.artifact(probe).resolve(name + "." + ending);
    try {
      Files.createDirectories(file.resolveSibling(""));
      return file;
    } catch (IOException e) {
      throw folder.unwritable(e);
    }
  }

  /** Refuses names that are no plain file names. */
  static void requirePlain(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new InvalidInputException("artifact name '" + name + "' is not a plain file name");
    }
  }
}
