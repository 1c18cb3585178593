package dev.sonde.probe.stepimportance.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import dev.sonde.probe.stepimportance.PretendModel;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Influence is {@code ‖d Σ_t P_t / dE‖}: what a model gives by the chain rule is held against
 * difference quotients. The model's logits for a token are a linear form of earlier embeddings,
 * each weighted by its distance.
 */
class GradientNormTest {
  private static final int WIDTH = 3;
  private static final int VOCABULARY = 5;
  private static final double FADING = 0.7;

  /** Rounding and curvature of a central difference are both far below the tolerance. */
  private static final double STEP = 1e-5;

  private static final Offset<Double> CLOSE = Offset.offset(1e-6);

  /** A prompt of two tokens, then steps of two, one and three. */
  private static final int[] TOKENS = {0, 1, 4, 2, 3, 1, 0, 2};

  private static final List<Span> STEPS =
      List.of(new Span("a", 2, 4), new Span("b", 4, 5), new Span("c", 5, 8));

  private final double[][] read = drawn(1);
  private final double[][] embeddings = drawn(2);

  private static double[][] drawn(int seed) {
    Random random = new Random(seed);
    double[][] rows = new double[VOCABULARY][WIDTH];
    for (double[] row : rows) {
      for (int c = 0; c < WIDTH; c++) {
        row[c] = random.nextGaussian();
      }
    }
    return rows;
  }

  @Test
  void influenceIsTheFrobeniusNormOfDifferenceQuotients() {
    PretendModel model = new PretendModel(text -> false, this::norm);
    Window window = new Window(TOKENS, STEPS, new int[] {0, 1, 2});

    InfluenceMatrix matrix =
        new GradientNorm().of(model, List.of(window), new TokenCosts()).getFirst();

    for (int target = 0; target < STEPS.size(); target++) {
      for (int source = 0; source < target; source++) {
        assertThat(matrix.cells()[target][source])
            .as("step %d on step %d", source, target)
            .isPositive()
            .isCloseTo(quotients(STEPS.get(target), STEPS.get(source)), CLOSE);
      }
    }
  }

  private double quotients(Span target, Span source) {
    double squares = 0;
    for (int token = source.from(); token < source.to(); token++) {
      for (int c = 0; c < WIDTH; c++) {
        double up = probabilities(target, moved(token, c, STEP));
        double down = probabilities(target, moved(token, c, -STEP));
        squares += Math.pow((up - down) / (2 * STEP), 2);
      }
    }
    return Math.sqrt(squares);
  }

  private double[][] moved(int token, int column, double by) {
    double[][] inputs = inputs(TOKENS);
    inputs[token][column] += by;
    return inputs;
  }

  private double[][] inputs(int... tokens) {
    double[][] inputs = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      inputs[t] = embeddings[tokens[t]].clone();
    }
    return inputs;
  }

  private double probabilities(Span span, double[][] inputs) {
    double sum = 0;
    for (int token = span.from(); token < span.to(); token++) {
      sum += softmax(inputs, token)[TOKENS[token]];
    }
    return sum;
  }

  /** The distribution of a token, given those before it. */
  private double[] softmax(double[][] inputs, int token) {
    double[] powers = new double[VOCABULARY];
    double total = 0;
    for (int v = 0; v < VOCABULARY; v++) {
      double logit = 0;
      for (int earlier = 0; earlier < token; earlier++) {
        for (int c = 0; c < WIDTH; c++) {
          logit += Math.pow(FADING, token - earlier) * read[v][c] * inputs[earlier][c];
        }
      }
      powers[v] = Math.exp(logit);
      total += powers[v];
    }
    for (int v = 0; v < VOCABULARY; v++) {
      powers[v] /= total;
    }
    return powers;
  }

  /** {@code dP_y / dE_s = FADING^(t−s) · P_y · (U_y − Σ_v P_v U_v)}, summed over targets. */
  private double norm(Sequence sequence, int objective, int span) {
    Objective of = sequence.objectives().get(objective);
    assertThat(of.kind()).isEqualTo(Objective.PROBABILITY);
    double[][] inputs = inputs(sequence.tokens());
    Span source = sequence.spans().get(span);
    double squares = 0;
    for (int token = source.from(); token < source.to(); token++) {
      for (int c = 0; c < WIDTH; c++) {
        double sum = 0;
        for (Sequence.Target target : of.targets()) {
          if (token < target.position()) {
            double[] p = softmax(inputs, target.position());
            double mean = 0;
            for (int v = 0; v < VOCABULARY; v++) {
              mean += p[v] * read[v][c];
            }
            double fading = Math.pow(FADING, target.position() - token);
            sum += fading * p[target.token()] * (read[target.token()][c] - mean);
          }
        }
        squares += sum * sum;
      }
    }
    return Math.sqrt(squares);
  }
}
