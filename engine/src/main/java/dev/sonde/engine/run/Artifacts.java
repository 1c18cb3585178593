package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.engine.fitted.ProbeFile;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.tools.DirectionFiles;
import dev.sonde.formats.WholeFile;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The files of one probe below {@code artifacts}: {@code PROBE.NAME.ENDING}, or where a name has a
 * folder {@code PROBE/FOLDER/NAME.ENDING}.
 */
final class Artifacts {
  private static final String SAFETENSORS = "safetensors";

  private final RunFolder folder;
  private final String probe;
  private final DirectionFiles directionFiles;
  private final Consumer<String> remarks;
  private final Set<String> written = new TreeSet<>();

  /**
   * The files of a probe.
   *
   * @param remarks hears what the reader of the report should know of a file
   */
  Artifacts(
      RunFolder folder, String probe, DirectionFiles directionFiles, Consumer<String> remarks) {
    this.folder = folder;
    this.probe = probe;
    this.directionFiles = directionFiles;
    this.remarks = remarks;
  }

  /** What was written, by the names that the run folder knows. */
  Set<String> written() {
    return written;
  }

  /** See {@link dev.sonde.api.probe.ProbeContext#saveTensors}. */
  void tensors(String name, Map<String, Matrix> tensors, Map<String, String> metadata) {
    List<Tensor> list = new ArrayList<>();
    tensors.forEach((key, matrix) -> list.add(tensor(key, matrix)));
    String place = placeInFolder(name, SAFETENSORS);
    folder.write(place, file -> SafetensorsWriter.write(file, list, new TreeMap<>(metadata)));
    written.add(place);
  }

  /** A saved probe: its tensors, then the card that holds their hash. */
  void fitted(String name, SavedProbe saved) {
    String tensors = place(name, SAFETENSORS);
    folder.write(tensors, file -> ProbeFile.writeTensors(file, saved));
    written.add(tensors);
    String card = place(name, "json");
    folder.write(card, ProbeFile.card(saved, folder.file(tensors)));
    written.add(card);
  }

  /** See {@link dev.sonde.api.probe.ProbeContext#saveText}. */
  void text(String name, String ending, String text) {
    if (!ending.matches("[a-z0-9]+")) {
      throw new InvalidInputException("'%s' is no file ending".formatted(ending));
    }
    String place = place(name, ending);
    folder.write(place, text);
    written.add(place);
  }

  /** The columns that the probe gives to the rows of a data set. */
  void columns(String study, String lines) {
    String place = MadeColumns.file(probe, study);
    folder.write(place, lines);
    written.add(place);
  }

  /** See {@link dev.sonde.api.probe.ProbeContext#saveDirections}. */
  void directions(String name, String format, VectorFormat.Directions directions) {
    String place = place(name, format);
    Path file = folder.file(place);
    // In a folder of its own, as a format may know its files by their names.
    Path nursery = WholeFile.unfinished(file);
    Path growing = nursery.resolve(String.valueOf(file.getFileName()));
    try {
      Files.createDirectories(nursery);
      try {
        List<HookPoint> left = directionFiles.write(format, growing, directions);
        if (!left.isEmpty()) {
          remarks.accept(
              "%s leaves out %s, which %s files cannot hold."
                  .formatted(file.getFileName(), named(left), format));
        }
        if (Files.exists(growing)) {
          WholeFile.publish(growing, file);
          written.add(place);
        }
      } finally {
        Files.deleteIfExists(growing);
        Files.delete(nursery);
      }
    } catch (IOException e) {
      throw folder.unwritable(e);
    }
  }

  private static String named(List<HookPoint> points) {
    return points.stream().map(HookPoint::name).collect(Collectors.joining(", "));
  }

  private String place(String name, String ending) {
    requirePlain(name);
    return "%s/%s.%s.%s".formatted(RunContents.ARTIFACTS, probe, name, ending);
  }

  private String placeInFolder(String name, String ending) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return place(name, ending);
    }
    requirePlain(name.substring(0, slash));
    requirePlain(name.substring(slash + 1));
    return "%s/%s/%s.%s".formatted(RunContents.ARTIFACTS, probe, name, ending);
  }

  /**
   * Refuses a name that is more than that of a file.
   *
   * @throws InvalidInputException if it is none
   */
  static void requirePlain(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new InvalidInputException("artifact name '" + name + "' is not a plain file name");
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
}
