package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.evaluate.control.ErasedLabel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was planted is erased for decoders on rows that the eraser never saw. */
class ErasedLabelTest {
  private static final List<String> ALL = List.of("leace", "inlp", "mean_projection");
  private static final int ROWS = 240;

  private static Planted rows(double shift) {
    return new Planted(ROWS, 7).shift(shift, row -> row / 5 % 2 == 0).permutations(99);
  }

  private static List<ErasedLabel.Erased> erased(Planted planted) {
    return planted.evaluated().found(ErasedLabel.Result.class).orElseThrow().erased();
  }

  @Test
  void aPlantedDirectionIsGoneForDecodersOnOtherRows() {
    List<ErasedLabel.Erased> all = erased(rows(3).erase(ALL));
    assertThat(all).extracting(ErasedLabel.Erased::eraser).containsExactlyElementsOf(ALL);
    for (ErasedLabel.Erased one : all) {
      ErasedLabel.Found found = one.most();
      assertThat(found.choice().point()).isEqualTo(HookPoint.of(1, "hook_resid_post"));
      assertThat(found.before().value()).isGreaterThan(0.95);
      assertThat(found.after().value()).as(one.eraser()).isLessThan(0.75);
      assertThat(found.lost().low()).as(one.eraser()).isGreaterThan(0);
      assertThat(one.test().orElseThrow().p()).as(one.eraser()).isEqualTo(1.0 / 100);
      assertThat(one.changed()).isBetween(0.1, 0.9);
    }
  }

  @Test
  void whereNothingIsReadNothingIsLost() {
    for (ErasedLabel.Erased one : erased(rows(0).erase(ALL))) {
      assertThat(one.lost().low()).as(one.eraser()).isLessThan(0);
    }
  }

  @Test
  void nothingIsErasedUnlessItIsAskedFor() {
    Evaluated evaluated = rows(3).evaluated();
    assertThat(evaluated.metrics()).noneMatch(metric -> metric.name().startsWith("erase"));
    assertThat(evaluated.tables()).noneMatch(table -> table.name().equals("erased"));
  }

  @Test
  void aDecoderThatIsNotLinearFindsWhatALinearErasureLeaves() {
    Map<String, Decoder> decoders = new LinkedHashMap<>();
    decoders.put("means", new Planted.Means(true));
    decoders.put("squares", new Squares());
    for (ErasedLabel.Erased one : erased(rows(3).spread(8).decoders(decoders, 0).erase(ALL))) {
      assertThat(one.found())
          .extracting(found -> found.choice().decoder())
          .containsExactly("means", "squares");
      assertThat(one.most().choice().decoder()).as(one.eraser()).isEqualTo("squares");
      assertThat(one.most().after().low()).as(one.eraser()).isGreaterThan(0.7);
      assertThat(one.least().after().value()).as(one.eraser()).isLessThan(0.75);
      assertThat(one.test().orElseThrow().decoders()).containsExactly("means"); // in closed form
    }
  }

  /** The difference of means of squared features. */
  private record Squares() implements Decoder {
    @Override
    public Scorer fit(Design train, Targets labels) {
      double[] difference = new double[train.columns()];
      double[] row = new double[train.columns()];
      double mean = labels.mean();
      for (int r = 0; r < train.rows(); r++) {
        train.copyRow(r, row);
        for (int c = 0; c < row.length; c++) {
          difference[c] += (labels.value(r) - mean) * row[c] * row[c];
        }
      }
      return rows -> {
        double[] scores = new double[rows.rows()];
        double[] values = new double[rows.columns()];
        for (int r = 0; r < scores.length; r++) {
          rows.copyRow(r, values);
          for (int c = 0; c < values.length; c++) {
            scores[r] += difference[c] * values[c] * values[c];
          }
        }
        return scores;
      };
    }
  }
}
