package dev.sonde.probe.stepimportance.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.probe.stepimportance.LetterPairs;
import dev.sonde.probe.stepimportance.attribution.GradientTimesInput.Form;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * A model that is small enough to do by hand: the probability of a token is {@code (Σ w·E)²} over
 * the tokens before it, with w = (1, 2), so its gradient by each of them is {@code 2 (Σ w·E) w}.
 *
 * <p>A prompt (1, 0), a step of the tokens (2, −1) and (0, 1), and a target (1, 1): Σ w·E is 1 + 0
 * + 2 = 3, the gradient (6, 12), the products (12, −12) and (0, 12).
 */
class GradientTimesInputTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-4);
  private static final float[][] EMBEDDINGS = {{1, 0}, {2, -1}, {0, 1}, {1, 1}};

  private final Window window =
      new Window(
          new int[] {0, 1, 2, 3},
          List.of(new Span("a", 1, 3), new Span("b", 3, 4)),
          new int[] {0, 1});

  @Test
  void theNormOfTheProductsIsTakenOverAllTokensOfTheStep() {
    assertThat(cell(GradientTimesInput.plain(Form.NORM))).isCloseTo(Math.sqrt(3 * 144), CLOSE);
  }

  @Test
  void inTheSumTheProductsOfAStepMayCancel() {
    assertThat(cell(GradientTimesInput.plain(Form.SUM))).isCloseTo(12, CLOSE);
  }

  /**
   * The baseline is (1, 1/3). Halfway to the embeddings the sum is 1 + 5/6 + 11/6 = 11/3, at them
   * 3: the mean gradient is (20/3, 40/3). The steps lie (1, −4/3) and (−1, 2/3) from the baseline.
   */
  @Test
  void integratedGradientsTakeThePointsOnTheRightOfEqualParts() {
    double squares = 2 * Math.pow(20 / 3.0, 2) + Math.pow(160 / 9.0, 2) + Math.pow(80 / 9.0, 2);
    assertThat(cell(new GradientTimesInput(2, true, Form.NORM)))
        .isCloseTo(Math.sqrt(squares), CLOSE);
    assertThat(cell(new GradientTimesInput(2, true, Form.SUM))).isCloseTo(80 / 9.0, CLOSE);
    assertThat(GradientTimesInput.integrated(Form.NORM).points()).isEqualTo(5);
  }

  @Test
  void aTargetBearsOnNothingBeforeIt() {
    double[][] cells =
        GradientTimesInput.plain(Form.NORM)
            .of(new Squares(), List.of(window), new TokenCosts())
            .getFirst()
            .cells();
    assertThat(cells[0]).containsExactly(0, 0);
    assertThat(cells[1][1]).isZero();
  }

  private double cell(GradientTimesInput by) {
    return by.of(new Squares(), List.of(window), new TokenCosts()).getFirst().cells()[1][0];
  }

  private static final class Squares implements Model {
    @Override
    public ModelInfo info() {
      return ModelInfo.of("squares", "0").shape(1, 2).vocabulary(EMBEDDINGS.length);
    }

    @Override
    public Capabilities capabilities() {
      return Capabilities.none();
    }

    @Override
    public Tokenizer tokenizer() {
      return new LetterPairs();
    }

    @Override
    public GenerationStream generate(GenerateRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ActivationStream forward(ForwardRequest request) {
      Read read = request.groups().getFirst().getFirst();
      List<float[]> cells = new ArrayList<>();
      List<int[]> places = new ArrayList<>();
      for (int s = 0; s < request.sequences().size(); s++) {
        Sequence sequence = request.sequences().get(s);
        float[][] inputs = inputs(sequence);
        int objectives = read.isGradient() ? sequence.objectives().size() : 1;
        for (int o = 0; o < objectives; o++) {
          for (int token = 0; token < inputs.length; token++) {
            cells.add(read.isGradient() ? gradient(sequence, o, inputs, token) : inputs[token]);
            places.add(new int[] {s, token, o});
          }
        }
      }
      MemorySegment values = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, 2L * cells.size());
      for (int row = 0; row < cells.size(); row++) {
        MemorySegment.copy(cells.get(row), 0, values, ValueLayout.JAVA_FLOAT, 8L * row, 2);
      }
      Rows even = Rows.even(read, 2, values, column(places, 0), column(places, 1));
      Rows rows = read.isGradient() ? even.ofObjectives(column(places, 2)) : even;
      return new ActivationStream() {
        private boolean begun;

        @Override
        public boolean next() {
          boolean first = !begun;
          begun = true;
          return first;
        }

        @Override
        public Batch batch() {
          return Batch.of(0, List.of(rows));
        }

        @Override
        public void close() {}
      };
    }

    private static int[] column(List<int[]> places, int column) {
      return places.stream().mapToInt(place -> place[column]).toArray();
    }

    /** The embeddings, or what they were moved to. */
    private static float[][] inputs(Sequence sequence) {
      float[][] inputs = new float[sequence.length()][];
      for (int token = 0; token < inputs.length; token++) {
        inputs[token] = EMBEDDINGS[sequence.token(token)].clone();
        if (!sequence.interventions().isEmpty()) {
          float[] moved = sequence.interventions().getFirst().values();
          inputs[token] = new float[] {moved[2 * token], moved[2 * token + 1]};
        }
      }
      return inputs;
    }

    private static float[] gradient(Sequence sequence, int objective, float[][] inputs, int token) {
      float[] sum = new float[2];
      for (Sequence.Target target : sequence.objectives().get(objective).targets()) {
        double total = 0;
        for (int before = 0; before < target.position(); before++) {
          total += inputs[before][0] + 2.0 * inputs[before][1];
        }
        if (token < target.position()) {
          sum[0] += (float) (2 * total);
          sum[1] += (float) (4 * total);
        }
      }
      return sum;
    }
  }
}
