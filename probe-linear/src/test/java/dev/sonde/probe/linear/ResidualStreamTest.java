package dev.sonde.probe.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.Auroc;
import dev.sonde.testkit.PlainDesign;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What real residual streams are like: a few dimensions, or single rows, a thousand times larger.
 */
class ResidualStreamTest {
  private static final int ROWS = 300;
  private static final int WIDTH = 48;
  private static final List<Decoder> SCALED = List.of(new Ridge(1), new DiscriminantAnalysis(0.1));

  private interface Spoilt {
    void spoil(PlainDesign rows, Random random);
  }

  private static double reached(Decoder decoder, Spoilt spoilt) {
    Random random = new Random(3);
    boolean[] positive = new boolean[ROWS];
    PlainDesign train = rows(positive, random);
    spoilt.spoil(train, random);
    PlainDesign test = rows(new boolean[ROWS], random);
    double[] scores = decoder.fit(train, Targets.binary(positive)).score(test);
    return Auroc.count(scores, positive).auroc();
  }

  /** Every other row is positive, which moves four features by .9 each. */
  private static PlainDesign rows(boolean[] positive, Random random) {
    PlainDesign rows = new PlainDesign(ROWS, WIDTH);
    for (int row = 0; row < ROWS; row++) {
      positive[row] = row % 2 == 0;
      for (int c = 0; c < WIDTH; c++) {
        rows.values().set(row, c, random.nextGaussian() + (row % 2 == 0 && c < 4 ? 0.9 : 0));
      }
    }
    return rows;
  }

  @Test
  void aWildRowDoesNotSpoilScaledDecoders() {
    for (Decoder decoder : SCALED) {
      double without = reached(decoder, (rows, random) -> {});
      double with =
          reached(
              decoder,
              (rows, random) -> {
                for (int c = 0; c < WIDTH; c++) {
                  rows.values().set(17, c, 1000 * random.nextGaussian());
                }
              });
      assertThat(without).isGreaterThan(0.82);
      assertThat(with).isGreaterThan(without - 0.02);
    }
  }

  @Test
  void massiveDimensionsDoNotSpoilScaledDecoders() {
    for (Decoder decoder : SCALED) {
      double without = reached(decoder, (rows, random) -> {});
      double with =
          reached(
              decoder,
              (rows, random) -> {
                for (int row = 0; row < ROWS; row++) {
                  rows.values().set(row, 40, 3000);
                  rows.values().set(row, 41, -2000 + 500 * random.nextGaussian());
                }
              });
      assertThat(with).isGreaterThan(without - 0.02);
    }
  }
}
