package dev.sonde.probe.influence.curvature;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.LinearModule;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Factors that were fitted before, by an earlier run or by kronfluence: a folder with a file a kind
 * and in it a tensor a module.
 */
final class FactorFolder {
  private static final String LAMBDA = "lambda_matrix";
  private static final String COUNTS = "num_lambda_processed";

  private final Path folder;

  /**
   * A folder.
   *
   * @throws InvalidInputException if there is none, or it has no factors
   */
  FactorFolder(Path folder) {
    this.folder = folder;
    if (!Files.isRegularFile(file("activation_eigenvectors"))) {
      throw new InvalidInputException(
          "factors_from: %s has no activation_eigenvectors.safetensors; it is to be a folder such as RUN/artifacts/PROBE/factors_ekfac, or kronfluence's"
              .formatted(folder.toAbsolutePath()));
    }
  }

  private Path file(String kind) {
    return folder.resolve(kind + ".safetensors");
  }

  /** The text pairs that the files have in their headers. */
  Map<String, String> header() {
    try (Arena arena = Arena.ofConfined()) {
      return Map.copyOf(open("activation_eigenvectors", arena).metadata());
    }
  }

  /**
   * Refuses what is of another model.
   *
   * @throws InvalidInputException with what differs
   */
  void require(FactorKey key, FitTask task) {
    if (key.isOfAnotherModel(header())) {
      throw new InvalidInputException(
          "factors_from: the factors in %s are of other weights or other linears than this run's; fit them again without factors_from"
              .formatted(folder));
    }
    if (task.squares()) {
      throw new InvalidInputException(
          "factors_from: there are no squared gradients in the weights' own basis; leave out the strategy diagonal");
    }
  }

  private SafetensorsFile open(String kind, Arena arena) {
    try {
      return SafetensorsFile.open(file(kind), arena);
    } catch (FormatException e) {
      throw new InvalidInputException("factors_from: " + e.getMessage(), e);
    }
  }

  /** The eigenbases of all linears. */
  Artifact bases(List<LinearModule> linears) {
    List<Matrix> inputs = new ArrayList<>();
    List<Matrix> outputs = new ArrayList<>();
    List<Matrix> inputValues = new ArrayList<>();
    List<Matrix> outputValues = new ArrayList<>();
    for (LinearModule linear : linears) {
      inputs.add(matrix("activation_eigenvectors", linear, linear.in(), linear.in()));
      outputs.add(matrix("gradient_eigenvectors", linear, linear.out(), linear.out()));
      inputValues.add(matrix("activation_eigenvalues", linear, 1, linear.in()));
      outputValues.add(matrix("gradient_eigenvalues", linear, 1, linear.out()));
    }
    Artifact all = Artifact.empty();
    for (int i = 0; i < linears.size(); i++) {
      Eigenbasis basis =
          new Eigenbasis(inputs.get(i), inputValues.get(i), outputs.get(i), outputValues.get(i));
      all = basis.into(all, linears.get(i));
    }
    return all;
  }

  /** The sums of squared gradients in these bases. */
  SquaredGradients corrected(List<LinearModule> linears) {
    return new SquaredGradients(
        linears.stream().map(l -> matrix(LAMBDA, l, l.out(), l.in())).toList(), List.of());
  }

  /** How many documents were summed over. */
  long items(LinearModule linear) {
    try (Arena arena = Arena.ofConfined()) {
      Tensor count = tensor(open(COUNTS, arena), linear);
      return switch (count.dtype()) {
        case I64 -> count.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        case I32 -> count.data().get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        default -> (long) count.floatAt(0);
      };
    }
  }

  private Matrix matrix(String kind, LinearModule linear, int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      Tensor tensor = tensor(open(kind, arena), linear);
      long count = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
      if (count != (long) rows * columns) {
        throw new InvalidInputException(
            "factors_from: %s of %s is %s, but here it is [%d, %d]; a layer's bias is not counted among its weights"
                .formatted(kind, linear.module(), tensor.shape(), rows, columns));
      }
      Matrix matrix = FloatMatrices.zeros(rows, columns);
      tensor.copyFloats(0, matrix.segment(), count);
      return matrix;
    }
  }

  private static Tensor tensor(SafetensorsFile file, LinearModule linear) {
    Tensor tensor = file.tensors().get(linear.module());
    if (tensor == null) {
      throw new InvalidInputException(
          "factors_from: %s has nothing of %s".formatted(file.path(), linear.module()));
    }
    return tensor;
  }
}
