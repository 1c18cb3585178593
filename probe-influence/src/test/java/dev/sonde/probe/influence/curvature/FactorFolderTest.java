package dev.sonde.probe.influence.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.LossLabels;
import dev.sonde.probe.influence.read.Row;
import dev.sonde.probe.influence.read.TokenizedText;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Factors that an earlier run, or kronfluence, has written. */
class FactorFolderTest {
  private static final FitTask TASK =
      new FitTask(0, List.of(Strategy.EKFAC), LossLabels.sampled(3));
  private static final List<TokenizedText> DOCUMENTS =
      List.of(new TokenizedText(Row.of("d"), "d", new int[] {1, 2, 3}, 1));

  @TempDir private Path folder;

  private final Factors factors = Made.fitted(Made.rows(new Random(4), 6, 3, 5, 4));
  private final List<LinearModule> linears = List.of(factors.linear());

  private FactorKey key(String weights) {
    return FactorKey.of(ModelInfo.of("made", weights), linears, TASK, DOCUMENTS);
  }

  @BeforeEach
  void writeThem() throws IOException {
    Eigenbasis basis = factors.basis().orElseThrow();
    write("activation_eigenvectors", basis.inputs());
    write("gradient_eigenvectors", basis.outputs());
    write("activation_eigenvalues", basis.inputValues());
    write("gradient_eigenvalues", basis.outputValues());
    write("lambda_matrix", factors.corrected().orElseThrow());
    MemorySegment count = Arena.ofAuto().allocate(Long.BYTES);
    count.set(ValueLayout.JAVA_LONG, 0, factors.items()); // as kronfluence has it
    write(
        "num_lambda_processed",
        new Tensor(factors.linear().module(), DType.I64, List.of(1L), count));
  }

  private void write(String kind, Matrix matrix) throws IOException {
    write(
        kind,
        Tensor.float32(
            factors.linear().module(), matrix.segment(), matrix.rows(), matrix.columns()));
  }

  private void write(String kind, Tensor tensor) throws IOException {
    SafetensorsWriter.write(
        folder.resolve(kind + ".safetensors"), List.of(tensor), key("w").header());
  }

  @Test
  void areReadAsTheyWereFitted() {
    FactorFolder read = new FactorFolder(folder);
    Eigenbasis basis = Eigenbasis.in(read.bases(linears), factors.linear());
    Eigenbasis own = factors.basis().orElseThrow();
    assertThat(Made.cells(basis.inputs())).containsExactly(Made.cells(own.inputs()));
    assertThat(Made.cells(basis.outputs())).containsExactly(Made.cells(own.outputs()));
    assertThat(Made.cells(basis.outputValues())).containsExactly(Made.cells(own.outputValues()));
    assertThat(Made.cells(read.corrected(linears).corrected().getFirst()))
        .containsExactly(Made.cells(factors.corrected().orElseThrow()));
    assertThat(read.items(factors.linear())).isEqualTo(6);
  }

  @Test
  void ofAnotherModelAreRefusedAndThoseOfOtherDocumentsAreKnown() {
    FactorFolder read = new FactorFolder(folder);
    read.require(key("w"), TASK);
    assertThat(key("w").isOfThisFit(read.header())).isTrue();
    assertThatThrownBy(() -> read.require(key("others"), TASK))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("of other weights");
    FitTask otherLabels = new FitTask(0, List.of(Strategy.EKFAC), LossLabels.DATA);
    assertThat(
            FactorKey.of(ModelInfo.of("made", "w"), linears, otherLabels, DOCUMENTS)
                .isOfThisFit(read.header()))
        .isFalse();
    assertThat(key("w").isOfAnotherModel(Map.of())).as("kronfluence's files say nothing").isFalse();
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> new FactorFolder(folder.resolve("none")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("activation_eigenvectors.safetensors");
    FactorFolder read = new FactorFolder(folder);
    LinearModule wider = new LinearModule(factors.linear().module(), 6, 4);
    assertThatThrownBy(() -> read.bases(List.of(wider))).hasMessageContaining("here it is [6, 6]");
    LinearModule other = new LinearModule("made.9.up", 5, 4);
    assertThatThrownBy(() -> read.bases(List.of(other)))
        .hasMessageContaining("nothing of made.9.up");
    FitTask diagonal = new FitTask(0, List.of(Strategy.DIAGONAL), LossLabels.DATA);
    assertThatThrownBy(() -> read.require(key("w"), diagonal)).hasMessageContaining("diagonal");
  }
}
