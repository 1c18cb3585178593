package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.config.Config;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.api.evaluate.Targets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A decoder that keeps the contract passes it; each way of breaking it fails a check. */
class WrongDecodersTest {
  private static final Decoder SLOPES =
      (train, targets) -> Scorer.linear(train.slopes(List.of(targets)).slopes().column(0), 0);

  @Test
  void everyCheckCanFail() {
    assertThat(Verdicts.neverFailed(Right.class)).isEmpty();
  }

  @Test
  void aDecoderThatKeepsTheContractPasses() {
    Verdicts verdicts = Verdicts.of(Right.class);
    assertThat(verdicts.failed()).isEmpty();
    assertThat(verdicts.passed()).hasSize(11);
  }

  @Test
  void aDecoderThatLearnsNothingFails() {
    assertThat(Verdicts.of(Blind.class).failed())
        .containsOnly("aPlantedDirectionSeparatesRowsThatWereNotSeen");
  }

  @Test
  void aDecoderThatKnowsTheAnswersFails() {
    assertThat(Verdicts.of(Leaking.class).failed())
        .contains("labelsThatMeanNothingAreAtChanceOnRowsThatWereNotSeen");
  }

  @Test
  void aDecoderWhoseSharedFitIsAnotherOneFails() {
    assertThat(Verdicts.of(Confused.class).failed())
        .containsOnly("fittingManyLabelingsGivesWhatFittingEachGives");
  }

  @Test
  void aDecoderThatDrawsFailsWithoutASeed() {
    assertThat(Verdicts.of(Drawing.class).failed()).contains("theSameRowsGiveTheSameScores");
  }

  @Test
  void aDecoderThatDividesByTheVarianceOfEachFeatureFails() {
    assertThat(Verdicts.of(Dividing.class).failed()).contains("aConstantFeatureDoesNoHarm");
  }

  @Test
  void aScorerThatForgetsARowFails() {
    assertThat(Verdicts.of(Short.class).failed()).contains("theSameRowsGiveTheSameScores");
  }

  @Test
  void aScorerThatCentresTheRowsItIsGivenFails() {
    assertThat(Verdicts.of(Centring.class).failed())
        .containsOnly("aRowsScoreDependsOnNoOtherRowThatIsScored");
  }

  @Test
  void aDecoderThatMindsTheOrderOfRowsFailsUnlessItSaysSo() {
    assertThat(Verdicts.of(Ordered.class).failed())
        .containsOnly("theOrderOfTheTrainingRowsDoesNotMatter");
    assertThat(Verdicts.of(Outspoken.class).failed()).isEmpty();
  }

  @Test
  void aScorerThatIsSavedWithoutItsBiasFails() {
    assertThat(Verdicts.of(Forgetful.class).failed())
        .containsOnly("aScorerThatHasAFormIsRestoredFromIt");
  }

  private abstract static class Contract extends DecoderContract {
    abstract Decoder decoder();

    @Override
    protected DecoderFactory factory() {
      return new DecoderFactory() {
        @Override
        public String name() {
          return "tested";
        }

        @Override
        public String summary() {
          return "a decoder under test";
        }

        @Override
        public Decoder create(Config config) {
          return decoder();
        }
      };
    }
  }

  static class Right extends Contract {
    @Override
    Decoder decoder() {
      return SLOPES;
    }
  }

  static class Blind extends Contract {
    @Override
    Decoder decoder() {
      return (train, targets) -> Scorer.linear(new double[train.columns()], 1);
    }
  }

  /** Draws the labels of the rows that it is not shown as the contract draws them. */
  static class Leaking extends Contract {
    private static final int ROWS = 200;
    private static final int WIDTH = 16;

    @Override
    Decoder decoder() {
      return (train, targets) ->
          rows -> {
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(12);
            IntStream.range(0, ROWS).forEach(row -> random.nextBoolean());
            IntStream.range(0, ROWS * WIDTH).forEach(cell -> random.nextGaussian());
            return IntStream.range(0, rows.rows())
                .mapToDouble(r -> random.nextBoolean() ? 1 : 0)
                .toArray();
          };
    }
  }

  static class Confused extends Contract {
    @Override
    Decoder decoder() {
      return new Decoder() {
        @Override
        public Scorer fit(Design train, Targets targets) {
          return SLOPES.fit(train, targets);
        }

        @Override
        public List<Scorer> fitAll(Design train, List<Targets> many) {
          return many.stream().map(targets -> fit(train, many.getLast())).toList();
        }
      };
    }
  }

  static class Drawing extends Contract {
    private final Random random = new Random();

    @Override
    Decoder decoder() {
      return (train, targets) -> Scorer.linear(weights(train, targets), random.nextDouble());
    }

    private static double[] weights(Design train, Targets targets) {
      return train.slopes(List.of(targets)).slopes().column(0);
    }
  }

  static class Dividing extends Contract {
    @Override
    Decoder decoder() {
      return (train, targets) -> {
        double[] weights = train.slopes(List.of(targets)).slopes().column(0);
        double[] row = new double[train.columns()];
        for (int c = 0; c < weights.length; c++) {
          double sum = 0;
          double squares = 0;
          for (int r = 0; r < train.rows(); r++) {
            train.copyRow(r, row);
            sum += row[c];
            squares += row[c] * row[c];
          }
          double mean = sum / train.rows();
          weights[c] /= squares / train.rows() - mean * mean;
        }
        return Scorer.linear(weights, 0);
      };
    }
  }

  /** Ranks alike, but a row's score follows from its company. */
  static class Centring extends Contract {
    @Override
    Decoder decoder() {
      return (train, targets) -> {
        Scorer slopes = SLOPES.fit(train, targets);
        return rows -> {
          double[] scores = slopes.score(rows);
          double mean = DoubleStream.of(scores).average().orElse(0);
          return DoubleStream.of(scores).map(score -> score - mean).toArray();
        };
      };
    }
  }

  /** A little more than rounding of whatever row stands first. */
  static class Ordered extends Contract {
    private static final double SHARE = 1e-5;

    @Override
    Decoder decoder() {
      return (train, targets) -> {
        double[] weights = train.slopes(List.of(targets)).slopes().column(0);
        double[] first = new double[train.columns()];
        train.copyRow(0, first);
        for (int c = 0; c < weights.length; c++) {
          weights[c] += SHARE * first[c];
        }
        return Scorer.linear(weights, 0);
      };
    }
  }

  static class Outspoken extends Ordered {
    @Override
    protected double orderTolerance() {
      return 1e-3;
    }
  }

  /** Its file lacks a number that its scores have. */
  static class Forgetful extends Contract {
    @Override
    Decoder decoder() {
      return (train, targets) -> {
        double[] weights = train.slopes(List.of(targets)).slopes().column(0);
        Scorer whole = Scorer.linear(weights, 1);
        return new Scorer() {
          @Override
          public double[] score(Design rows) {
            return whole.score(rows);
          }

          @Override
          public Optional<ScorerForm> form() {
            return Optional.of(ScorerForm.linear(weights, 0));
          }
        };
      };
    }
  }

  static class Short extends Contract {
    @Override
    Decoder decoder() {
      return (train, targets) -> rows -> new double[rows.rows() - 1];
    }
  }
}
