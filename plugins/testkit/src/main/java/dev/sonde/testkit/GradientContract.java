package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gradients are, for backends that offer them. */
public abstract class GradientContract {
  private static final int[] TOKENS = {3, 9, 4, 22, 8, 15};
  private static final HookPoint MIDDLE = HookPoint.of(0, "hook_resid_post");
  private static final HookPoint DOWN_IN = HookPoint.linearIn("model.layers.1.mlp.down_proj");
  private static final HookPoint DOWN_OUT = HookPoint.linearOut("model.layers.1.mlp.down_proj");

  /** A step whose difference quotient is neither coarse nor lost in float32's rounding. */
  private static final double STEP = 5e-3;

  /** A folder for the test. */
  @TempDir protected Path folder;

  private LanguageModel backend;

  /** For sub-classes. */
  protected GradientContract() {}

  /** The backend under test. */
  protected abstract ModelBackendFactory factory();

  @BeforeEach
  void open() {
    Path model = TinyModel.write(folder.resolve("tiny"), 5);
    backend = OpenedModel.of(factory(), model, folder);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hook_embed",
        "blocks.0.hook_resid_post",
        "blocks.1.hook_attn_in",
        "blocks.1.ln1.hook_normalized",
        "blocks.0.attn.hook_q",
        "blocks.1.attn.hook_k",
        "blocks.0.attn.hook_rot_k",
        "blocks.1.attn.hook_v",
        "blocks.0.attn.hook_z",
        "blocks.1.hook_attn_out",
        "blocks.0.hook_resid_mid",
        "blocks.1.mlp.hook_pre",
        "blocks.0.mlp.hook_post",
        "blocks.1.hook_mlp_out",
        "linear:model.layers.0.self_attn.q_proj.out",
        "linear:model.layers.1.mlp.up_proj.out",
        "linear:model.layers.1.mlp.down_proj.in"
      })
  void aGradientIsWhatASmallStepChanges(String name) {
    HookPoint point = HookPoint.parse(name);
    List<Sequence.Target> targets = List.of(target(3, 17), target(5, 2), target(6, 30));
    Sequence sequence = Sequence.of(TOKENS).objective(Objective.logProbability(targets));
    float[] gradient = gradients(point, sequence).row(0, 2);
    float[] step = new float[gradient.length];
    for (int i = 0; i < step.length; i++) {
      step[i] = (float) Math.sin(1.7 * i + 0.3);
    }
    double expected =
        (logProbability(point, step, STEP, targets) - logProbability(point, step, -STEP, targets))
            / (2 * STEP);
    assertThat(dot(gradient, step))
        .as(
            "the change of the objective along a step at %s, by the gradient; expected is the"
                + " difference quotient",
            name)
        .isCloseTo(expected, within(1e-3 + 5e-3 * Math.abs(expected)));
    assertThat(dot(gradient, gradient))
        .as("squared length of the gradient at %s", name)
        .isPositive();
  }

  private double logProbability(
      HookPoint point, float[] step, double amount, List<Sequence.Target> targets) {
    Sequence moved =
        Sequence.of(TOKENS)
            .intervene(List.of(Intervention.add(point, Selector.index(2), step, amount)))
            .targets(targets);
    Readings rows = Readings.of(backend, Read.logProbabilities(), List.of(moved));
    double sum = 0;
    for (int target = 0; target < targets.size(); target++) {
      sum += rows.row(0, target)[0];
    }
    return sum;
  }

  @Test
  void theGradientOfAProbabilityIsThatOfItsLogarithmTimesTheProbability() {
    List<Sequence.Target> one = List.of(target(6, 17));
    Sequence sequence =
        Sequence.of(TOKENS)
            .objective(Objective.probability(one))
            .objective(Objective.logProbability(one))
            .target(6, 17);
    Readings gradients = gradients(MIDDLE, sequence);
    double probability =
        Math.exp(Readings.of(backend, Read.logProbabilities(), List.of(sequence)).row(0, 0)[0]);
    float[] expected = gradients.gradient(0, 3, 1).clone();
    for (int i = 0; i < expected.length; i++) {
      expected[i] *= (float) probability;
    }
    Readings.assertClose(gradients.gradient(0, 3, 0), expected, 1e-5);
  }

  @Test
  void theGradientOfASumIsTheSumOfTheGradients() {
    Sequence sequence =
        Sequence.of(TOKENS)
            .objective(Objective.logProbability(List.of(target(4, 17))))
            .objective(Objective.logProbability(List.of(target(6, 2))))
            .objective(Objective.logProbability(List.of(target(4, 17), target(6, 2))));
    Readings gradients = gradients(MIDDLE, sequence);
    float[] sum = gradients.gradient(0, 1, 0).clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += gradients.gradient(0, 1, 1)[i];
    }
    Readings.assertClose(gradients.gradient(0, 1, 2), sum, 1e-5);
  }

  @Test
  void whatComesAfterATargetHasNoPartInIt() {
    Sequence sequence =
        Sequence.of(TOKENS).objective(Objective.logProbability(List.of(target(3, 17))));
    Readings gradients = gradients(MIDDLE, sequence);
    assertThat(gradients.row(0, 2))
        .as("the gradient at the last token that the target sees, which is not zero")
        .isNotEqualTo(new float[TinyModel.WIDTH]);
    assertThat(gradients.row(0, 3))
        .as("the gradient at a token behind the target, which has no part in it")
        .containsOnly(0);
  }

  @Test
  void theLossIsTheNegativeLogProbabilityOfTheOwnTokens() {
    Objective loss = Objective.loss(TOKENS);
    Sequence sequence =
        Sequence.of(TOKENS).objective(loss).objective(Objective.logProbability(loss.targets()));
    Readings gradients = gradients(MIDDLE, sequence);
    float[] negative = gradients.gradient(0, 0, 1).clone();
    for (int i = 0; i < negative.length; i++) {
      negative[i] = -negative[i];
    }
    Readings.assertClose(gradients.gradient(0, 0, 0), negative, 1e-6);
  }

  @Test
  void labelsAreDrawnByTheSeedAlone() {
    Sequence first = sampled(1);
    Sequence second = sampled(2);
    Readings together = gradients(MIDDLE, first, second, first);
    Readings.assertClose(together.row(2, 0), together.row(0, 0), 1e-5);
    Readings.assertClose(gradients(MIDDLE, second).row(0, 0), together.row(1, 0), 1e-5);
    assertThat(Readings.relativeError(together.row(1, 0), together.row(0, 0)))
        .as("relative difference of gradients for labels drawn by two seeds")
        .isGreaterThan(1e-2);
  }

  private static Sequence sampled(long seed) {
    return Sequence.of(TOKENS).objective(Objective.sampledLoss(seed, TOKENS));
  }

  @Test
  void sequencesThatArePackedTogetherHaveTheGradientsOfEachAlone() {
    Sequence two =
        Sequence.of(7, 1, 29)
            .objective(Objective.loss(7, 1, 29))
            .objective(Objective.probability(List.of(target(2, 5))));
    Sequence none = Sequence.of(4, 4, 4, 4);
    Sequence one = Sequence.of(TOKENS).objective(Objective.loss(TOKENS));
    Readings together = gradients(MIDDLE, two, none, one);
    assertThat(together.size())
        .as("number of gradient rows: one a token and objective, none where no objective is")
        .isEqualTo(2 * 3 + TOKENS.length);
    Readings alone = gradients(MIDDLE, two);
    for (int token = 0; token < 3; token++) {
      Readings.assertClose(together.gradient(0, token, 0), alone.gradient(0, token, 0), 1e-5);
      Readings.assertClose(together.gradient(0, token, 1), alone.gradient(0, token, 1), 1e-5);
    }
    Readings.assertClose(together.row(2, 4), gradients(MIDDLE, one).row(0, 4), 1e-5);
  }

  @Test
  void anInputAndTheGradientOfItsOutputArriveTogether() {
    Sequence sequence = Sequence.of(TOKENS).objective(Objective.loss(TOKENS));
    ForwardRequest request =
        ForwardRequest.of(List.of(sequence))
            .read(Read.of(DOWN_IN, Selector.all()), Read.of(DOWN_OUT, Selector.all()).gradient());
    try (ActivationStream stream = backend.forward(request)) {
      assertThat(stream.next()).as("there is a batch").isTrue();
      Batch batch = stream.batch();
      assertThat(batch.rows().get(0).width())
          .as("width of the read of the linear's input")
          .isEqualTo(TinyModel.MLP_WIDTH);
      assertThat(batch.rows().get(1).width())
          .as("width of the gradient of the linear's output")
          .isEqualTo(TinyModel.WIDTH);
      assertThat(batch.rows().get(1).places())
          .as(
              "places of the gradient's rows, which are those of the input's rows in the same"
                  + " batch")
          .isEqualTo(batch.rows().get(0).places());
      assertThat(stream.next()).as("there is another batch after the only one").isFalse();
    }
  }

  @Test
  void theNormOverASpanIsThatOfItsRows() {
    Sequence sequence =
        Sequence.of(TOKENS).span(new Span("step", 1, 4)).objective(Objective.loss(TOKENS));
    Readings rows = gradients(MIDDLE, sequence);
    Read read = Read.of(MIDDLE, Selector.eachSpan()).reduce(Read.NORM).gradient();
    float norm = Readings.of(backend, read, List.of(sequence)).row(0, 0)[0];
    double squares = 0;
    for (int token = 1; token < 4; token++) {
      squares += dot(rows.row(0, token), rows.row(0, token));
    }
    assertThat((double) norm)
        .as("the norm over a span, beside that of the rows read one by one")
        .isCloseTo(Math.sqrt(squares), within(1e-5 * Math.sqrt(squares)));
  }

  @Test
  void whatStandsBeforeTheFirstTokenThatIsReadHasNoPartInTheGradient() {
    List<Sequence> behindOnePrompt = new ArrayList<>();
    List<Sequence> whole = new ArrayList<>();
    for (int last = 0; last < 3; last++) {
      int[] tokens = {5, 9, 4, 22, 8, 15, 3, 11, 30, 7, 19, 2, 13, 6, 28, last};
      Sequence sequence =
          Sequence.of(tokens)
              .objective(Objective.probability(List.of(target(14, 28), target(15, last))));
      whole.add(sequence);
      behindOnePrompt.add(sequence.span(new Span("a", 12, 13)).span(new Span("b", 13, 14)));
    }
    Read norms = Read.of(HookPoint.EMBED, Selector.eachSpan()).reduce(Read.NORM).gradient();
    Readings behind = Readings.of(backend, norms, behindOnePrompt);
    Readings inSmallBatches = Readings.of(backend, norms, behindOnePrompt, 2);
    Readings all = gradients(HookPoint.EMBED, whole.toArray(Sequence[]::new));
    for (int sequence = 0; sequence < 3; sequence++) {
      for (int span = 0; span < 2; span++) {
        float[] row = all.row(sequence, 12 + span);
        double norm = Math.sqrt(dot(row, row));
        assertThat((double) behind.row(sequence, span)[0])
            .as("the norm behind a prompt, beside that where the prompt is read too")
            .isCloseTo(norm, within(1e-5 * norm));
        assertThat((double) inSmallBatches.row(sequence, span)[0])
            .as("the same where the text is longer than a batch")
            .isCloseTo(norm, within(1e-5 * norm));
      }
    }
  }

  @Test
  void nothingIsPassedThroughARowThatWasReplaced() {
    Sequence sequence =
        Sequence.of(TOKENS)
            .intervene(List.of(Intervention.zero(MIDDLE, Selector.index(2), TinyModel.WIDTH)))
            .objective(Objective.loss(TOKENS));
    assertThat(gradients(HookPoint.EMBED, sequence).row(0, 1))
        .as("the gradient before the replaced token, which reaches later tokens otherwise")
        .isNotEqualTo(new float[TinyModel.WIDTH]);
    Readings behind = gradients(HookPoint.of(0, "hook_mlp_out"), sequence);
    assertThat(behind.row(0, 2)).as("the gradient of what was replaced").containsOnly(0);
    assertThat(gradients(MIDDLE, sequence).row(0, 2))
        .as("the gradient of what was put in its place")
        .isNotEqualTo(new float[TinyModel.WIDTH]);
  }

  @Test
  void whereNoneCanBeTakenIsSaid() {
    Sequence sequence = Sequence.of(TOKENS).objective(Objective.loss(TOKENS));
    Read read = Read.of(HookPoint.LOGITS, Selector.last()).gradient();
    assertThatThrownBy(() -> Readings.of(backend, read, List.of(sequence)))
        .as("a gradient of the logits throws an UnsupportedCapabilityException that names them")
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("logits");
  }

  private static Sequence.Target target(int position, int token) {
    return new Sequence.Target(position, token);
  }

  private Readings gradients(HookPoint point, Sequence... sequences) {
    return Readings.of(backend, Read.of(point, Selector.all()).gradient(), List.of(sequences));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
