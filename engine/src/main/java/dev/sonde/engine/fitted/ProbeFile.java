package dev.sonde.engine.fitted;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.host.MissingFile;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.WholeFile;
import dev.sonde.formats.json.Json;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Saved probes on disk: {@code NAME.safetensors} with the tensors, and beside it {@code NAME.json},
 * the card, which holds the hash of the tensors.
 */
public final class ProbeFile {
  /** How the tensors' name ends. */
  public static final String TENSORS = ".safetensors";

  /** How the card's name ends. */
  public static final String CARD = ".json";

  /** Stands in the names of what a run saves: {@code PROBE.fitted.DECODER.json}. */
  public static final String FITTED = "fitted";

  private ProbeFile() {}

  /** Writes the tensors. */
  public static void writeTensors(Path file, SavedProbe probe) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    probe.form().tensors().forEach((name, matrix) -> tensors.add(tensor(name, matrix)));
    SafetensorsWriter.write(
        file, tensors, Map.of("format", ProbeCard.FORMAT, "name", probe.name()));
  }

  private static Tensor tensor(String name, Matrix matrix) {
    List<Long> shape =
        matrix.rows() == 1
            ? List.of((long) matrix.columns())
            : List.of((long) matrix.rows(), (long) matrix.columns());
    DType type = matrix.type() == Matrix.Type.FLOAT32 ? DType.F32 : DType.F64;
    return new Tensor(name, type, shape, matrix.segment());
  }

  /** The card of tensors that are on the disk. */
  public static byte[] card(SavedProbe probe, Path tensors) {
    return ProbeCard.write(
        probe, String.valueOf(tensors.getFileName()), ContentHash.afresh(tensors));
  }

  /**
   * Writes both files.
   *
   * @param card its name ends in {@value #CARD}; the tensors lie beside it
   * @throws InvalidInputException if one of them exists
   */
  public static void write(Path card, SavedProbe probe) throws IOException {
    Path tensors = card.resolveSibling(stem(card) + TENSORS);
    for (Path file : List.of(card, tensors)) {
      if (Files.exists(file)) {
        throw new InvalidInputException(file + " exists already; name another file");
      }
    }
    Path growing = WholeFile.unfinished(tensors);
    try {
      writeTensors(growing, probe);
      WholeFile.publish(growing, tensors);
    } finally {
      Files.deleteIfExists(growing);
    }
    WholeFile.write(card, card(probe, tensors));
  }

  private static String stem(Path card) {
    String name = String.valueOf(card.getFileName());
    if (!name.endsWith(CARD)) {
      throw new InvalidInputException("%s: the name of a card ends in %s".formatted(card, CARD));
    }
    return name.substring(0, name.length() - CARD.length());
  }

  /**
   * Reads a probe.
   *
   * @param place the card, its tensors, or the folder of a run, which stands for the probe that its
   *     nested choice took
   * @throws InvalidInputException if there is none, or it is malformed
   */
  public static SavedProbe read(Path place) {
    if (Files.isDirectory(place)) {
      return ofRun(place);
    }
    String name = String.valueOf(place.getFileName());
    Path card =
        name.endsWith(TENSORS)
            ? place.resolveSibling(name.substring(0, name.length() - TENSORS.length()) + CARD)
            : place;
    if (!Files.isRegularFile(card)) {
      throw new InvalidInputException(MissingFile.message(card));
    }
    try {
      Map<String, Object> read = Json.object(card, Files.readAllBytes(card));
      ProbeCard.Tensors tensors = ProbeCard.tensors(card, read);
      Path file = card.resolveSibling(String.valueOf(Path.of(tensors.file()).getFileName()));
      if (!Files.isRegularFile(file)) {
        throw new InvalidInputException(MissingFile.message(file));
      }
      if (!ContentHash.afresh(file).equals(tensors.sha256())) {
        throw new InvalidInputException(
            "%s: is not the file that its card %s was written for".formatted(file, card));
      }
      return ProbeCard.read(card, read, matrices(file));
    } catch (FormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new InvalidInputException(card + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static Map<String, Matrix> matrices(Path file) {
    Map<String, Matrix> matrices = new LinkedHashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      SafetensorsFile.open(file, arena)
          .tensors()
          .forEach((name, tensor) -> matrices.put(name, matrix(file, tensor)));
    }
    return matrices;
  }

  /** A copy, so that the file can be let go. */
  private static Matrix matrix(Path file, Tensor tensor) {
    Matrix.Type type =
        switch (tensor.dtype()) {
          case F32 -> Matrix.Type.FLOAT32;
          case F64 -> Matrix.Type.FLOAT64;
          default ->
              throw new FormatException(
                  file, "tensor '%s' is of type %s".formatted(tensor.name(), tensor.dtype()));
        };
    int last = tensor.shape().size() - 1;
    if (last < 0 || last > 1) {
      throw new FormatException(
          file, "tensor '%s' is neither vector nor matrix".formatted(tensor.name()));
    }
    int columns = Math.toIntExact(tensor.shape().get(last));
    int rows = last == 0 ? 1 : Math.toIntExact(tensor.shape().getFirst());
    Matrix copy = Matrix.zeros(type, rows, columns);
    copy.segment().copyFrom(tensor.data());
    return copy;
  }

  private static SavedProbe ofRun(Path run) {
    Path artifacts = run.resolve("artifacts");
    List<SavedProbe> chosen = new ArrayList<>();
    List<String> all = new ArrayList<>();
    if (Files.isDirectory(artifacts)) {
      try (Stream<Path> files = Files.list(artifacts)) {
        for (Path file : files.filter(ProbeFile::isCard).sorted().toList()) {
          SavedProbe probe = read(file);
          all.add(String.valueOf(file));
          if (probe.chosen()) {
            chosen.add(probe);
          }
        }
      } catch (IOException e) {
        throw new InvalidInputException(run + ": cannot be read: " + e.getMessage(), e);
      }
    }
    if (chosen.size() == 1) {
      return chosen.getFirst();
    }
    throw new InvalidInputException(
        all.isEmpty()
            ? run + ": holds no saved probe; name a card (.json), or the folder of a run"
            : "%s: holds %s; name one of %s"
                .formatted(
                    run,
                    chosen.isEmpty()
                        ? "no probe that was chosen"
                        : "the probes of several evaluations",
                    all.stream().collect(Collectors.joining(", "))));
  }

  private static boolean isCard(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(CARD) && name.matches(".+\\." + FITTED + "\\d*\\..+");
  }
}
