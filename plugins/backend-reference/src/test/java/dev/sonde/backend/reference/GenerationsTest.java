package dev.sonde.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream.Generation;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.ModelFolder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationsTest {
  /** Positions both models were trained for: tokens of longer sequences turn otherwise. */
  private static final int TRAINED = 17;

  @ParameterizedTest
  @ValueSource(strings = {"phi3-longrope", "llama-dynamic"})
  void everyTokenFollowsFromAPassOverAllTokensBeforeIt(String family) {
    Transformer decoder = open(family);
    int[] prompt = IntStream.range(3, TRAINED).toArray();
    Sequence sequence = Sequence.of(prompt).maxNewTokens(8);
    Generations stream = new Generations(GenerateRequest.greedy(List.of(sequence)), decoder);
    assertThat(stream.next()).isTrue();
    Generation generation = stream.generation();

    int[] all = Arrays.copyOf(prompt, prompt.length + 8);
    System.arraycopy(generation.tokens(), 0, all, prompt.length, 8);
    assertThat(all.length).isGreaterThan(TRAINED);
    for (int i = 0; i < 8; i++) {
      double[] following = following(decoder, Arrays.copyOf(all, prompt.length + i));
      assertThat(generation.logProbabilities()[i])
          .isCloseTo(following[generation.tokens()[i]], within(1e-5));
    }
  }

  private static Transformer open(String family) {
    ModelFolder folder = ModelFolder.open(Path.of("../testkit/families", family));
    return new Transformer(folder.spec(), folder.weights(), new ScalarKernel());
  }

  private static double[] following(Transformer decoder, int[] tokens) {
    List<Run> runs = List.of(Run.whole(0, tokens.length));
    Streams streams = decoder.embed(tokens, runs, Observer.NONE);
    for (int layer = 0; layer < decoder.spec().layers(); layer++) {
      streams = decoder.block(layer, streams, runs, Observer.NONE);
    }
    int width = decoder.spec().width();
    float[] last = Floats.rows(decoder.last(streams), width, new int[] {tokens.length - 1});
    return Softmax.log(decoder.logits(decoder.finalNorm(last, Observer.NONE)));
  }
}
