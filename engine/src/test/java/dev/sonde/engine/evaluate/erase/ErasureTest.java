package dev.sonde.engine.evaluate.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import dev.sonde.statistics.PlainVectors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reference values are those of concept-erasure 0.2.4 and NumPy, see
 * engine/src/test/python/make_erasure.py.
 */
class ErasureTest {
  private static final LinearAlgebra ALGEBRA = new PlainLinearAlgebra();
  private static final Map<String, Eraser> ERASERS =
      Map.of(
          "leace", new Leace(0),
          "mean_projection", new MeanProjection(),
          "inlp", new NullspaceProjection(3));

  private static final Offset<Double> TIGHT = within(1e-8);

  private final JsonNode reference = reference();

  private static JsonNode reference() {
    try (InputStream file = ErasureTest.class.getResourceAsStream("/erasure.json")) {
      return JsonMapper.shared().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double[][] cells(String shape, String name) {
    JsonNode rows = reference.get(shape).get(name);
    return IntStream.range(0, rows.size())
        .mapToObj(
            r ->
                IntStream.range(0, rows.get(r).size())
                    .mapToDouble(c -> rows.get(r).get(c).asDouble())
                    .toArray())
        .toArray(double[][]::new);
  }

  private Targets labels(String shape) {
    JsonNode values = reference.get(shape).get("labels");
    boolean[] positive = new boolean[values.size()];
    for (int row = 0; row < positive.length; row++) {
      positive[row] = values.get(row).asDouble() > 0.5;
    }
    return Targets.binary(positive);
  }

  private static EraserRows rows(double[][] cells) {
    return EraserRows.of(
        Matrix.of(Matrix.Type.FLOAT64, cells), IntStream.range(0, cells.length).toArray(), ALGEBRA);
  }

  private EraserRows rows(String shape) {
    return rows(cells(shape, "rows"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tall", "wide"})
  void erasuresAreThoseOfConceptErasureAndNumpy(String shape) {
    ERASERS.forEach(
        (name, eraser) -> {
          Erasure erasure = eraser.fit(rows(shape), labels(shape));
          double[][] others = cells(shape, "others");
          double[][] expected = cells(shape, name);
          for (int row = 0; row < others.length; row++) {
            erasure.apply(others[row]);
            assertThat(others[row]).as("%s, %s", shape, name).containsExactly(expected[row], TIGHT);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"tall", "wide"})
  void nothingCovariesWithTheLabelOnTheRowsThatLeaceWasFittedTo(String shape) {
    for (Eraser eraser : List.of(new Leace(0), new Leace(0.3), new MeanProjection())) {
      double before = PlainVectors.norm(rows(shape).covarianceWith(labels(shape)));
      double[][] erased = erased(shape, eraser.fit(rows(shape), labels(shape)));
      // so a decoder by difference of means or least squares has no weights: it is at chance
      assertThat(PlainVectors.norm(rows(erased).covarianceWith(labels(shape))))
          .isLessThan(1e-6 * before);
    }
  }

  private double[][] erased(String shape, Erasure erasure) {
    double[][] cells = cells(shape, "rows");
    for (double[] row : cells) {
      erasure.apply(row);
    }
    return cells;
  }

  @Test
  void leaceChangesLeastInTheWhitenedNormOfAllMapsThatLeaveNoCovariance() {
    double least = whitened("tall", new Leace(0).fit(rows("tall"), labels("tall")));
    assertThat(least).isCloseTo(1, within(1e-9)); // of one label one whitened direction
    assertThat(whitened("tall", new MeanProjection().fit(rows("tall"), labels("tall"))))
        .isGreaterThan(least);
    assertThat(whitened("tall", new Leace(0.3).fit(rows("tall"), labels("tall"))))
        .isGreaterThan(least);
    double[] covariance = rows("tall").covarianceWith(labels("tall"));
    Random random = new Random(4);
    for (int draw = 0; draw < 20; draw++) {
      double[] read = random.doubles(covariance.length, -1, 1).toArray();
      double along = PlainVectors.dot(read, covariance);
      Erasure other =
          new Erasure(
              rows("tall").mean(),
              List.of(covariance),
              List.of(PlainVectors.scaled(1 / along, read)));
      assertThat(whitened("tall", other)).isGreaterThan(least);
    }
  }

  /** The mean of {@code (x − r(x))ᵀ Σ⁻¹ (x − r(x))} over the rows. */
  private double whitened(String shape, Erasure erasure) {
    double[][] before = cells(shape, "rows");
    double[][] after = erased(shape, erasure);
    int width = before[0].length;
    double[] mean = rows(shape).mean();
    double[][] centred = new double[before.length][width];
    double[][] change = new double[before.length][width];
    for (int row = 0; row < before.length; row++) {
      for (int c = 0; c < width; c++) {
        centred[row][c] = before[row][c] - mean[c];
        change[row][c] = before[row][c] - after[row][c];
      }
    }
    Matrix sum = ALGEBRA.crossProducts(Matrix.of(Matrix.Type.FLOAT64, centred));
    Matrix changes = Matrix.of(Matrix.Type.FLOAT64, change);
    Matrix solved =
        ALGEBRA.solvePositiveDefinite(
            sum,
            ALGEBRA.multiply(
                changes, true, Matrix.of(Matrix.Type.FLOAT64, identity(change.length)), false));
    double total = 0;
    for (int row = 0; row < change.length; row++) {
      total += PlainVectors.dot(change[row], solved.column(row));
    }
    return total;
  }

  private static double[][] identity(int size) {
    double[][] cells = new double[size][size];
    for (int i = 0; i < size; i++) {
      cells[i][i] = 1;
    }
    return cells;
  }

  @Test
  void leaceDoesNotDependOnTheUnitsAndAxesOfFeaturesAndTheMeanProjectionDoes() {
    Random random = new Random(8);
    double[][] map = new double[6][];
    for (int c = 0; c < 6; c++) {
      map[c] = random.doubles(6, -2, 2).toArray();
    }
    assertThat(apart(new Leace(0), map)).isLessThan(1e-8);
    assertThat(apart(new MeanProjection(), map)).isGreaterThan(0.1);
  }

  /** How far the erasure of mapped rows lies from the mapped erasure of the rows. */
  private double apart(Eraser eraser, double[][] map) {
    double[][] mapped = mapped(cells("tall", "rows"), map);
    Erasure ofMapped = eraser.fit(rows(mapped), labels("tall"));
    double[][] first = mapped(erased("tall", eraser.fit(rows("tall"), labels("tall"))), map);
    double most = 0;
    for (int row = 0; row < mapped.length; row++) {
      ofMapped.apply(mapped[row]);
      for (int c = 0; c < mapped[row].length; c++) {
        most = Math.max(most, Math.abs(mapped[row][c] - first[row][c]));
      }
    }
    return most;
  }

  private static double[][] mapped(double[][] rows, double[][] map) {
    double[][] mapped = new double[rows.length][map.length];
    for (int row = 0; row < rows.length; row++) {
      for (int c = 0; c < map.length; c++) {
        mapped[row][c] = PlainVectors.dot(rows[row], map[c]);
      }
    }
    return mapped;
  }

  @Test
  void erasingTwiceIsErasingOnceAndTheMeanStays() {
    ERASERS.forEach(
        (name, eraser) -> {
          Erasure erasure = eraser.fit(rows("tall"), labels("tall"));
          double[][] once = erased("tall", erasure);
          assertThat(rows(once).mean()).as(name).containsExactly(rows("tall").mean(), within(1e-9));
          for (double[] row : once) {
            double[] twice = row.clone();
            erasure.apply(twice);
            assertThat(twice).as(name).containsExactly(row, within(1e-9));
          }
        });
  }

  @Test
  void nullSpaceProjectionTakesOutSoManyDirectionsAtRightAngles() {
    Erasure erasure = new NullspaceProjection(3).fit(rows("tall"), labels("tall"));
    assertThat(erasure.read()).hasSize(3).isEqualTo(erasure.removed());
    for (double[] first : erasure.read()) {
      for (double[] second : erasure.read()) {
        assertThat(PlainVectors.dot(first, second))
            .isCloseTo(first == second ? 1 : 0, within(1e-10));
      }
    }
  }

  @Test
  void withMuchShrinkageLeaceIsTheMeanProjection() {
    double[][] shrunk = erased("tall", new Leace(1e9).fit(rows("tall"), labels("tall")));
    double[][] projected = erased("tall", new MeanProjection().fit(rows("tall"), labels("tall")));
    for (int row = 0; row < shrunk.length; row++) {
      assertThat(shrunk[row]).containsExactly(projected[row], within(1e-6));
    }
  }

  @Test
  void oneFactorisationSolvesAsTheEigenvectorsDo() {
    for (String shape : List.of("tall", "wide")) {
      assertThat(rows(shape).solvedOnce(labels(shape), 0.2))
          .containsExactly(rows(shape).solved(labels(shape), 0.2), within(1e-9));
    }
  }

  @Test
  void ofLabelsThatAreAllAlikeNothingIsErased() {
    ERASERS.forEach(
        (name, eraser) ->
            assertThat(eraser.fit(rows("tall"), Targets.binary(new boolean[40])).read())
                .as(name)
                .isEmpty());
  }

  @Test
  void whatIsChangedIsAShareOfTheVariance() {
    Erasure first =
        new Erasure(
            new double[] {1, 1}, List.of(new double[] {1, 0}), List.of(new double[] {1, 0}));
    Matrix rows = Matrix.of(Matrix.Type.FLOAT64, new double[][] {{4, 5}, {1, 1}, {9, 9}});
    assertThat(first.changed(rows, new int[] {0, 1})).isCloseTo(9.0 / 25, within(1e-12));
    assertThat(first.of(rows).row(0)).containsExactly(1, 5);
  }
}
