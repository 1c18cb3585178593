package dev.sonde.probe.influence.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.curvature.Covariances;
import dev.sonde.probe.influence.curvature.Curvature;
import dev.sonde.probe.influence.curvature.Eigenbasis;
import dev.sonde.probe.influence.curvature.Factors;
import dev.sonde.probe.influence.curvature.Made;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The same numbers as kronfluence 1.0.1 has for a tiny Llama under the empirical Fisher, to 1e-5 of
 * the largest cell. {@code src/test/python/make_kronfluence_fixture.py} wrote the fixture.
 */
class KronfluenceTest {
  private static final LinearAlgebra ALGEBRA = Made.ALGEBRA;
  private static final double CLOSE = 1e-5;
  private static final double DAMPING = 0.1;
  private static final int TOKENS = 6;

  private final Map<String, Matrix> fixture = fixture();

  private static Map<String, Matrix> fixture() {
    Map<String, Matrix> fixture = new LinkedHashMap<>();
    InputStream file =
        Objects.requireNonNull(KronfluenceTest.class.getResourceAsStream("kronfluence.txt"));
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      for (String line : lines.lines().toList()) {
        String[] words = line.split(" ");
        int columns = Integer.parseInt(words[2]);
        Matrix matrix = FloatMatrices.zeros(Integer.parseInt(words[1]), columns);
        for (int i = 0; i + 3 < words.length; i++) {
          matrix.set(i / columns, i % columns, Double.parseDouble(words[i + 3]));
        }
        fixture.put(words[0], matrix);
      }
      return fixture;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Matrix matrix(String name) {
    return Objects.requireNonNull(fixture.get(name), name);
  }

  private List<String> modules() {
    String kind = "lambda_matrix.";
    return fixture.keySet().stream()
        .filter(name -> name.startsWith(kind))
        .map(name -> name.substring(kind.length()))
        .toList();
  }

  private GradientRows rows(String set, String module) {
    return Made.of(
        matrix(set + "." + module + ".inputs"), matrix(set + "." + module + ".gradients"), TOKENS);
  }

  @Test
  void covariancesAndTheirCountsAreTheSame() {
    for (String module : modules()) {
      Covariances ours = Made.fitted(rows("documents", module)).covariances().orElseThrow();
      assertClose(ours.inputs(), matrix("activation_covariance." + module));
      assertClose(ours.gradients(), matrix("gradient_covariance." + module));
      assertThat(matrix("num_activation_covariance_processed." + module).get(0, 0))
          .isEqualTo(rows("documents", module).inputs().rows());
    }
  }

  @Test
  void eigenbasesRebuildTheirCovariances() {
    for (String module : modules()) {
      Factors ours = Made.fitted(rows("documents", module));
      Eigenbasis basis = ours.basis().orElseThrow();
      Matrix scaled = FloatMatrices.zeros(basis.inputs().rows(), basis.inputs().columns());
      for (int r = 0; r < scaled.rows(); r++) {
        for (int c = 0; c < scaled.columns(); c++) {
          scaled.set(r, c, basis.inputs().get(r, c) * basis.inputValues().get(0, c));
        }
      }
      Matrix rebuilt = ALGEBRA.timesTranspose(scaled, basis.inputs());
      FloatMatrices.scale(rebuilt, rows("documents", module).inputs().rows());
      assertClose(rebuilt, matrix("activation_covariance." + module));
    }
  }

  @Test
  void correctedEigenvaluesInItsBasisAreTheSame() {
    for (String module : modules()) {
      assertClose(lambda(module), matrix("lambda_matrix." + module));
      assertThat(matrix("num_lambda_processed." + module).get(0, 0))
          .isEqualTo(rows("documents", module).count());
    }
  }

  /** Kronfluence's eigenvectors; where eigenvalues are equal any others would do as well. */
  private Eigenbasis basis(String module) {
    Matrix inputs = matrix("activation_eigenvectors." + module);
    Matrix outputs = matrix("gradient_eigenvectors." + module);
    return new Eigenbasis(
        inputs,
        FloatMatrices.zeros(1, inputs.rows()),
        outputs,
        FloatMatrices.zeros(1, outputs.rows()));
  }

  private Matrix lambda(String module) {
    GradientRows rotated = basis(module).rotated(rows("documents", module), ALGEBRA);
    Matrix sum = FloatMatrices.zeros(rotated.gradients().columns(), rotated.inputs().columns());
    for (int item = 0; item < rotated.count(); item++) {
      FloatMatrices.addSquares(sum, rotated.gradient(item, ALGEBRA));
    }
    return sum;
  }

  @Test
  void scoresAreTheSameInItsBasis() {
    Matrix scores = null;
    for (String module : modules()) {
      GradientRows documents = rows("documents", module);
      GradientRows queries = rows("queries", module);
      Matrix lambda = lambda(module);
      FloatMatrices.scale(lambda, 1.0 / documents.count());
      Curvature curvature = new Curvature(Optional.of(basis(module)), lambda);
      Matrix own = scores(queries, documents, curvature);
      if (scores == null) {
        scores = own;
      } else {
        FloatMatrices.add(scores, own);
      }
    }
    assertClose(Objects.requireNonNull(scores), matrix("scores"));
  }

  /** {@code [queries, documents]} of one linear. */
  private static Matrix scores(GradientRows queries, GradientRows documents, Curvature curvature) {
    Matrix stack =
        FloatMatrices.zeros(
            queries.count(), queries.inputs().columns() * queries.gradients().columns());
    for (int query = 0; query < queries.count(); query++) {
      FloatMatrices.intoRow(
          stack,
          query,
          Made.precondition(
              curvature, queries.gradient(query, ALGEBRA), curvature.damping(DAMPING)));
    }
    ScoreSums into = ScoreSums.none(documents.count(), queries.count(), 0, queries.count());
    List<Matrix> stacks = new ArrayList<>(List.of(stack));
    new FullRank(stacks, 4).score(documents, into, ALGEBRA);
    Matrix turned = FloatMatrices.zeros(queries.count(), documents.count());
    for (int query = 0; query < queries.count(); query++) {
      turned.setRow(query, into.values().column(query));
    }
    return turned;
  }

  private static void assertClose(Matrix ours, Matrix theirs) {
    assertThat(ours.rows()).isEqualTo(theirs.rows());
    assertThat(ours.columns()).isEqualTo(theirs.columns());
    double largest = 0;
    double gap = 0;
    for (int r = 0; r < theirs.rows(); r++) {
      for (int c = 0; c < theirs.columns(); c++) {
        largest = Math.max(largest, Math.abs(theirs.get(r, c)));
        gap = Math.max(gap, Math.abs(ours.get(r, c) - theirs.get(r, c)));
      }
    }
    assertThat(gap).isLessThan(CLOSE * largest);
  }
}
