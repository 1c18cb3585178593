package dev.sonde.probe.position.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Attention;
import dev.sonde.probe.position.read.CausalPairs;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.Planes;
import dev.sonde.probe.position.read.RotationTable;
import dev.sonde.testkit.TextbookAlgebra;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Logits and their additive form: identities 4 to 7 and 10 of the position brief, section 9. */
class LogitsTest {
  private static final int TOKENS = 24;
  private static final double SCALE = 1 / Math.sqrt(Heads.WIDTH);

  private final LinearAlgebra algebra = new TextbookAlgebra();
  private final CausalPairs cells = new CausalPairs(TOKENS, TOKENS);
  private final AxisFit fit = new AxisFit(cells, algebra);
  private final Planes planes = Planes.of(Heads.rotary(100), Heads.WIDTH);
  private final RotationTable rotations = new RotationTable(planes, TOKENS);
  private final PlaneRows q = Heads.random(planes, TOKENS, 1);
  private final PlaneRows k = Heads.random(planes, TOKENS, 2);

  private static AttentionBlock block(Attention attention, double slowAngle) {
    CausalPairs cells = new CausalPairs(TOKENS, TOKENS);
    return AttentionBlock.of(attention, Heads.WIDTH, cells, TOKENS, slowAngle);
  }

  private double at(int distance, PlaneRows a, int i, PlaneRows b, int j) {
    return SCALE * Logits.at(rotations, distance, a, i, b, j);
  }

  /** A head turned as Hugging Face does it, first half with second half. */
  private float[] turned(PlaneRows x, int token, int position) {
    int half = planes.count();
    float[] turned = new float[2 * half];
    for (int m = 0; m < half; m++) {
      double angle = position * planes.frequency(m);
      double a = x.real(token, m);
      double b = x.imaginary(token, m);
      turned[m] = (float) (a * Math.cos(angle) - b * Math.sin(angle));
      turned[m + half] = (float) (b * Math.cos(angle) + a * Math.sin(angle));
    }
    return turned;
  }

  private static double dot(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  @Test
  void theComplexFormIsTheProductOfTurnedHeadsAndKnowsDistanceOnly() {
    for (int shift : new int[] {0, 100}) {
      for (int i = 0; i < TOKENS; i++) {
        for (int j = 0; j <= i; j++) {
          double product = SCALE * dot(turned(q, i, i + shift), turned(k, j, j + shift));
          assertThat(at(i - j, q, i, k, j)).isCloseTo(product, within(1e-5));
        }
      }
    }
  }

  @Test
  void theWholeMatrixHoldsTheLogitsAtTheTrueDistances() {
    Matrix all = Logits.all(algebra, rotations, SCALE, q, k);
    for (int i = 0; i < TOKENS; i++) {
      for (int j = 0; j <= i; j++) {
        assertThat(all.get(i, j)).isCloseTo(at(i - j, q, i, k, j), within(1e-5));
      }
    }
  }

  @Test
  void bothLayoutsAndWhatDoesNotTurnAreReadIntoPlanes() {
    float[] head = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] frequencies = {1, 0.5f};
    float[] coordinates = new float[8];
    var halves = new Attention.Rotary(frequencies, false, 2, 99);
    Planes.of(Attention.scaledBy(1).rotary(halves), 8).read(head, 0, coordinates, 0);
    assertThat(coordinates).containsExactly(2, 4, 5, 7, 6, 8, 6, 8);
    var neighbours = new Attention.Rotary(frequencies, true, 1, 99);
    Planes interleaved = Planes.of(Attention.scaledBy(1).rotary(neighbours), 8);
    interleaved.read(head, 0, coordinates, 0);
    assertThat(coordinates).containsExactly(1, 3, 5, 7, 2, 4, 6, 8);
    assertThat(interleaved.frequency(2)).isZero();
  }

  /** {@code T[j, d]} of a query over the keys up to it, in the open. */
  private double[][] table(int query) {
    double[][] table = new double[query + 1][TOKENS];
    for (int j = 0; j <= query; j++) {
      for (int d = 0; d < TOKENS; d++) {
        table[j][d] = at(d, q, query, k, j);
      }
    }
    return table;
  }

  @Test
  void theSharedFormIsTheMarginalsOfTheTableOfDummyDistances() {
    AttentionBlock block = block(Heads.rotary(100), 1);
    double[] e3 = block.additive(algebra, block.dummy(), q, k, block.inOrder());
    for (int i = 0; i < TOKENS; i++) {
      double[][] table = table(i);
      double grand = Arrays.stream(table).flatMapToDouble(Arrays::stream).average().orElseThrow();
      for (int j = 0; j <= i; j++) {
        int d = i - j;
        double f = Arrays.stream(table).mapToDouble(row -> row[d]).average().orElseThrow();
        double g = Arrays.stream(table[j]).average().orElseThrow() - grand;
        assertThat(e3[cells.start(i) + j]).isCloseTo(f + g, within(1e-5));
      }
    }
  }

  @Test
  void whatTheMarginalsLeaveOverHasNoMeanInAnyRowOrColumnOfTheTable() {
    int i = TOKENS - 1;
    double[][] table = table(i);
    double[] means = block(Heads.rotary(100), 1).dummy().meanKeys(k, TOKENS);
    PlaneRows mean = new PlaneRows(planes, 1, floats(means, i * Heads.WIDTH));
    double grand = 0;
    for (int d = 0; d < TOKENS; d++) {
      grand += at(d, q, i, mean, 0) / TOKENS;
    }
    double[] perKey = new double[i + 1];
    double[] perDistance = new double[TOKENS];
    for (int j = 0; j <= i; j++) {
      double g = Arrays.stream(table[j]).average().orElseThrow() - grand;
      for (int d = 0; d < TOKENS; d++) {
        double left = table[j][d] - at(d, q, i, mean, 0) - g;
        perKey[j] += left;
        perDistance[d] += left;
      }
    }
    assertThat(perKey).containsExactly(new double[TOKENS], within(1e-4));
    assertThat(perDistance).containsExactly(new double[TOKENS], within(1e-4));
  }

  private static float[] floats(double[] values, int from) {
    float[] floats = new float[Heads.WIDTH];
    for (int c = 0; c < floats.length; c++) {
      floats[c] = (float) values[from + c];
    }
    return floats;
  }

  @Test
  void constantKeysLeaveTheFeatureFormNothingToMiss() {
    PlaneRows constant = k.inOrder(new int[TOKENS]);
    AttentionBlock block = block(Heads.rotary(100), 1);
    double[] logits = block.logits(algebra, q, constant);
    double[] e4 = block.additive(algebra, block.features(), q, constant, block.inOrder());
    assertThat(e4).containsExactly(logits, within(1e-5));
  }

  @Test
  void planesThatStandStillHaveOneFForAllDistancesAndAnExactG() {
    AttentionBlock block = block(Heads.turning(0, 0, 0, 0), 1);
    PlaneRows still = new PlaneRows(block.planes(), TOKENS, q.values());
    PlaneRows keys = new PlaneRows(block.planes(), TOKENS, k.values());
    double[] logits = block.logits(algebra, still, keys);
    for (Additive form : new Additive[] {block.dummy(), block.features()}) {
      assertThat(block.additive(algebra, form, still, keys, block.inOrder()))
          .containsExactly(logits, within(1e-5));
    }
    PlaneRows mean = new PlaneRows(block.planes(), 1, floats(keys.mean(), 0));
    assertThat(Logits.at(block.rotations(), 0, still, 3, mean, 0))
        .isEqualTo(Logits.at(block.rotations(), 17, still, 3, mean, 0));
  }

  @Test
  void theBoundIsNeverBroken() {
    Random random = new Random(6);
    for (int round = 0; round < 70; round++) {
      double angle = 0.05 + 1.9 * random.nextDouble();
      AttentionBlock block = block(Heads.rotary(Math.pow(10, 1 + 3 * random.nextDouble())), angle);
      PlaneRows queries = Heads.random(block.planes(), TOKENS, random.nextLong());
      PlaneRows keys = Heads.random(block.planes(), TOKENS, random.nextLong());
      double[] logits = block.logits(algebra, queries, keys);
      double[] e4 = block.additive(algebra, block.features(), queries, keys, block.inOrder());
      double[] bound =
          Bound.all(algebra, block.pairs(), block.scale(), queries, keys, block.slow());
      for (int cell = 0; cell < bound.length; cell++) { // 70 · 300 cells
        assertThat(Math.abs(logits[cell] - e4[cell])).isLessThanOrEqualTo(bound[cell] + 1e-5);
      }
    }
  }

  @Test
  void aShuffledGKeepsF() {
    AttentionBlock block = block(Heads.turning(0, 0, 0, 0), 1);
    int[] reversed = IntStream.range(0, TOKENS).map(j -> TOKENS - 1 - j).toArray();
    double[] whole = block.additive(algebra, block.features(), q, k, block.inOrder());
    double[] shuffled = block.additive(algebra, block.features(), q, k, reversed);
    int last = cells.start(TOKENS - 1);
    for (int j = 0; j < TOKENS; j++) { // f is one number in planes that stand still
      assertThat(shuffled[last + j]).isCloseTo(whole[last + TOKENS - 1 - j], within(1e-5));
    }
  }

  @Test
  void aHeadWithNumbersThatAreNoneIsLeftOut() {
    AttentionBlock block = block(Heads.rotary(100), 1);
    float[] damaged = k.values().clone();
    damaged[5] = Float.NaN;
    HeadFit measured = HeadFit.of(algebra, block, fit, q, new PlaneRows(planes, TOKENS, damaged));
    assertThat(measured.exists()).isFalse();
    assertThat(HeadFit.of(algebra, block, fit, q, k).exists()).isTrue();
  }

  @Test
  void aHeadThatKnowsNoPositionHasNoE3AndNoBound() {
    AttentionBlock block = block(Attention.scaledBy(SCALE), 1);
    PlaneRows still = new PlaneRows(block.planes(), TOKENS, q.values());
    PlaneRows keys = new PlaneRows(block.planes(), TOKENS, k.values());
    HeadFit measured = HeadFit.of(algebra, block, fit, still, keys);
    assertThat(measured.score(Estimator.E1).r()).isBetween(0.0, 1.0);
    assertThat(measured.score(Estimator.E3).r()).isNaN();
    assertThat(measured.tightness()).isNaN();
  }
}
