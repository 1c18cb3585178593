package dev.sonde.probe.position.perturb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.probe.position.read.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RearrangedTest {
  private static final List<String> TOKENS =
      List.of("<s>", "We", "\u0120ate", "\u0120pan", "cakes", ".", "\u0120It", "\u0120rained", ".");

  private static final Tokenizer NAMED =
      new Tokenizer() {
        @Override
        public Encoding encode(String text, boolean specialTokens) {
          throw new UnsupportedOperationException();
        }

        @Override
        public String decode(int[] ids) {
          throw new UnsupportedOperationException();
        }

        @Override
        public String token(int id) {
          return TOKENS.get(id);
        }

        @Override
        public void close() {}
      };

  private static final int[] IDS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 6, 2, 5, 1};

  private final Rearranged rearranged =
      new Rearranged(
          List.of(new Text(IDS, scored())), NAMED, (purpose, text) -> new Random(purpose.length()));

  private static boolean[] scored() {
    boolean[] all = new boolean[IDS.length];
    Arrays.fill(all, true);
    return all;
  }

  @Test
  void wordsBeginAtBlanksAndSentencesBehindStops() {
    int[] ids = IntStream.range(0, TOKENS.size()).toArray();
    assertThat(Pieces.words(NAMED, ids)).containsExactly(0, 2, 3, 6, 7, 9);
    assertThat(Pieces.sentences(NAMED, ids)).containsExactly(0, 6, 9);
    assertThat(Pieces.words(NAMED, new int[] {0, 1, 4}))
        .as("no token shows a blank")
        .containsExactly(0, 1, 2, 3);
  }

  @Test
  void lossesOfMovedSentencesAreHeldAgainstThoseOfTheSameTokens() {
    Rearranged.Trial trial =
        rearranged.of(Perturbation.SENTENCES, PerturbationCase.of("sentences", 1), 0);
    int[] moved = trial.sequence().tokens();
    for (int place = 0; place < IDS.length; place++) {
      assertThat(moved[place]).isEqualTo(IDS[trial.before()[place]]);
    }
    assertThat(IntStream.range(0, IDS.length).filter(trial.counted()).toArray())
        .as("first and last sentence stay, first tokens of the others have other ones before them")
        .hasSize(4);
  }

  @Test
  void theNullOfSentencesHidesWhatIsBeforeThem() {
    Rearranged.Trial trial =
        rearranged.of(Perturbation.SENTENCES, PerturbationCase.of("sentences.alone", 1), 0);
    assertThat(trial.sequence().tokens()).containsExactly(IDS);
    assertThat(trial.sequence().blocked())
        .allSatisfy(blocked -> assertThat(blocked.keyTo()).isEqualTo(blocked.queryFrom()))
        .hasSize(2);
  }

  @Test
  void theNullOfSwapsPutsOtherTokensWhereTheyWouldMoveAndScoresTheSameOnes() {
    Map<String, Integer> near = Map.of("reach", 4);
    Rearranged.Trial swapped =
        rearranged.of(Perturbation.ORDER, new PerturbationCase("order", 0.5, near), 0);
    Rearranged.Trial replaced =
        rearranged.of(Perturbation.ORDER, new PerturbationCase("order.replaced", 0.5, near), 0);
    for (int place = 0; place < IDS.length; place++) {
      assertThat(replaced.counted().test(place)).isEqualTo(swapped.counted().test(place));
      if (swapped.counted().test(place)) {
        assertThat(replaced.sequence().token(place)).isEqualTo(IDS[place]);
      }
    }
    assertThat(swapped.sequence().tokens()).isNotEqualTo(IDS);
  }
}
