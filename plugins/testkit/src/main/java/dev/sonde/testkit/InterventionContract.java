package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Intervention.Phase;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What changes of activations do, for backends that offer them; those of positions and visibility
 * with it.
 */
public abstract class InterventionContract extends PositionContract {
  private static final HookPoint MIDDLE = HookPoint.of(1, "hook_resid_post");
  private static final float[] VECTOR = vector();

  /** For sub-classes. */
  protected InterventionContract() {}

  private static float[] vector() {
    float[] vector = new float[TinyModel.WIDTH];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) Math.sin(1.7 * i + 0.3);
    }
    return vector;
  }

  @Test
  void addingMovesEverySelectedRowByTheScaledVector() {
    Readings plain = read(MIDDLE);
    Readings moved = read(MIDDLE, Intervention.add(MIDDLE, Selector.all(), VECTOR, -2.5));
    for (int token = 0; token < TOKENS.length; token++) {
      float[] expected = plain.row(0, token).clone();
      for (int c = 0; c < expected.length; c++) {
        expected[c] -= 2.5f * VECTOR[c];
      }
      Readings.assertClose(moved.row(0, token), expected, 1e-6);
    }
  }

  @Test
  void onlyTheSelectedTokenAndWhatSeesItChange() {
    Intervention third = Intervention.add(MIDDLE, Selector.index(2), VECTOR, 3);
    Readings plain = read(END);
    Readings moved = read(END, third);
    for (int token = 0; token < TOKENS.length; token++) {
      double change = Readings.relativeError(moved.row(0, token), plain.row(0, token));
      if (token < 2) {
        assertThat(change)
            .as("relative change at token %d, before the one that was moved", token)
            .isZero();
      } else {
        assertThat(change)
            .as("relative change at token %d, which sees the one that was moved", token)
            .isGreaterThan(1e-4);
      }
    }
  }

  @Test
  void scalingAlongAVectorLeavesTheRestAlone() {
    Readings plain = read(MIDDLE);
    Readings scaled = read(MIDDLE, Intervention.scaleAlong(MIDDLE, Selector.all(), VECTOR, 0.5));
    Readings without = read(MIDDLE, Intervention.projectOut(MIDDLE, Selector.all(), VECTOR));
    for (int token = 0; token < TOKENS.length; token++) {
      double along = along(plain.row(0, token));
      assertThat(along(scaled.row(0, token)))
          .as("token %d along the vector, scaled by half of itself", token)
          .isCloseTo(1.5 * along, within(1e-4));
      assertThat(along(without.row(0, token)))
          .as("token %d along the vector that was projected out", token)
          .isCloseTo(0, within(1e-5));
      float[] expected = plain.row(0, token).clone();
      double length = Math.sqrt(dot(VECTOR, VECTOR));
      for (int c = 0; c < expected.length; c++) {
        expected[c] -= (float) (along * VECTOR[c] / length);
      }
      Readings.assertClose(without.row(0, token), expected, 1e-5);
    }
  }

  @Test
  void erasingTakesAwayWhatIsReadAroundAMean() {
    Assumptions.assumeTrue(
        backend().capabilities().interventions().contains(Intervention.ERASE),
        "the backend does not erase");
    float[] read = new float[TinyModel.WIDTH];
    float[] mean = new float[TinyModel.WIDTH];
    for (int c = 0; c < read.length; c++) {
      read[c] = (float) Math.cos(0.9 * c);
      mean[c] = 0.1f * (c % 3);
    }
    float[] removed = VECTOR.clone();
    double along = dot(removed, read);
    for (int c = 0; c < removed.length; c++) {
      removed[c] /= (float) along; // so that erasing twice is erasing once
    }
    Intervention erase = Intervention.erase(MIDDLE, Selector.all(), removed, read, mean);
    Readings plain = read(MIDDLE);
    Readings erased = read(MIDDLE, erase);
    read(MIDDLE, erase, erase).assertClose(erased, 1e-5);
    for (int token = 0; token < TOKENS.length; token++) {
      double found = dot(plain.row(0, token), read) - dot(mean, read);
      float[] expected = plain.row(0, token).clone();
      for (int c = 0; c < expected.length; c++) {
        expected[c] -= (float) (found * removed[c]);
      }
      Readings.assertClose(erased.row(0, token), expected, 1e-5);
      assertThat(dot(erased.row(0, token), read))
          .as("token %d, what is read of the erased row is that of the mean", token)
          .isCloseTo(dot(mean, read), within(1e-4));
    }
  }

  @Test
  void anAmountOfNothingChangesNothing() {
    Readings plain = read(END);
    for (Intervention none :
        List.of(
            Intervention.add(MIDDLE, Selector.all(), VECTOR, 0),
            Intervention.scaleAlong(MIDDLE, Selector.all(), VECTOR, 0))) {
      read(END, none).assertClose(plain, 1e-6);
    }
  }

  @Test
  void aRowKeepsItsLengthWhereThatIsAsked() {
    Readings plain = read(MIDDLE);
    Intervention add = Intervention.add(MIDDLE, Selector.all(), VECTOR, 4).keepingNorm();
    Readings moved = read(MIDDLE, add);
    for (int token = 0; token < TOKENS.length; token++) {
      double before = Math.sqrt(dot(plain.row(0, token), plain.row(0, token)));
      double after = Math.sqrt(dot(moved.row(0, token), moved.row(0, token)));
      assertThat(after)
          .as("length of row %d after adding with its norm kept", token)
          .isCloseTo(before, within(1e-4 * before));
    }
  }

  @Test
  void patchingWithItsOwnRowsIsNoChangeAndWithAnothersGivesItsContinuation() {
    Sequence other = Sequence.of(3, 9, 4, 22, 8, 31);
    Readings rows = Readings.of(backend(), Read.of(MIDDLE, Selector.last()), List.of(other));
    Readings wanted = Readings.of(backend(), Read.of(END, Selector.last()), List.of(other));
    float[] own = read(MIDDLE).row(0, TOKENS.length - 1);

    read(END, Intervention.patch(MIDDLE, Selector.last(), own)).assertClose(read(END), 1e-6);
    float[] patched =
        read(END, Intervention.patch(MIDDLE, Selector.last(), rows.row(0, 0)))
            .row(0, TOKENS.length - 1);
    Readings.assertClose(patched, wanted.row(0, 0), 1e-5);
  }

  @Test
  void zeroPutsZeros() {
    Readings zero = read(MIDDLE, Intervention.zero(MIDDLE, Selector.first(), TinyModel.WIDTH));
    assertThat(zero.row(0, 0)).as("the row that was set to zero").containsOnly(0);
    assertThat(dot(zero.row(0, 1), zero.row(0, 1)))
        .as("squared length of the row beside the one that was set to zero")
        .isPositive();
  }

  @Test
  void neighboursInOneBatchAreNotTouched() {
    Sequence plain = Sequence.of(TOKENS);
    Sequence steered =
        Sequence.of(TOKENS).intervene(List.of(Intervention.add(MIDDLE, Selector.all(), VECTOR, 3)));
    Readings both = Readings.of(backend(), Read.of(END, Selector.last()), List.of(steered, plain));
    Readings alone = Readings.of(backend(), Read.of(END, Selector.last()), List.of(plain));
    Readings.assertClose(both.row(1, 0), alone.row(0, 0), 1e-5);
    assertThat(Readings.relativeError(both.row(0, 0), alone.row(0, 0)))
        .as("relative change of the sequence that is steered itself")
        .isGreaterThan(1e-3);
  }

  @Test
  void scoresAreAddedToOrReplacedBeforeTheSoftmaxWhereTheyAreNotMasked() {
    HookPoint scores = HookPoint.of(1, HookPoint.SCORES);
    HookPoint pattern = HookPoint.of(1, HookPoint.PATTERN);
    int heads = TinyModel.HEADS;
    int n = TOKENS.length;
    float[] same = new float[heads * n * n];
    Readings even = read(pattern, Intervention.replaceScores(scores, same));
    for (int query = 0; query < n; query++) {
      assertThat(even.row(0, query))
          .as("weights of query %d: of each head, one a key", query)
          .hasSize(heads * (query + 1));
      assertThat(even.row(0, query)[0])
          .as("the weight of a key of query %d where all scores were replaced by the same", query)
          .isCloseTo(1f / (query + 1), within(1e-6f));
    }
    Readings before = read(scores);
    Readings after = read(scores, Intervention.addToScores(scores, numbered(heads, n), 2));
    for (int query = 0; query < n; query++) {
      float[] row = before.row(0, query).clone();
      for (int cell = 0; cell < row.length; cell++) {
        row[cell] += 2f * (cell / (query + 1) * n * n + query * n + cell % (query + 1));
      }
      Readings.assertClose(after.row(0, query), row, 1e-6);
    }
  }

  private static float[] numbered(int heads, int tokens) {
    float[] values = new float[heads * tokens * tokens];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return values;
  }

  @Test
  void whatActsOnGeneratedTokensLeavesTheFirstOneAsItWas() {
    List<Integer> plain = generate(List.of());
    Intervention add = Intervention.add(MIDDLE, Selector.all(), VECTOR, 40);
    List<Integer> late = generate(List.of(add.in(Phase.GENERATED)));
    List<Integer> always = generate(List.of(add));
    assertThat(late.getFirst())
        .as("the first token, which the change of generated tokens comes after")
        .isEqualTo(plain.getFirst());
    assertThat(late).as("all tokens with generated ones changed").isNotEqualTo(plain);
    assertThat(always).as("all tokens with prompt and generated ones changed").isNotEqualTo(plain);
  }

  private List<Integer> generate(List<Intervention> changes) {
    Sequence prompt = Sequence.of(TOKENS).maxNewTokens(12).intervene(changes);
    try (GenerationStream stream = backend().generate(GenerateRequest.greedy(List.of(prompt)))) {
      assertThat(stream.next()).as("the prompt is continued").isTrue();
      return IntStream.of(stream.generation().tokens()).boxed().toList();
    }
  }

  private static double along(float[] row) {
    return dot(row, VECTOR) / Math.sqrt(dot(VECTOR, VECTOR));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
