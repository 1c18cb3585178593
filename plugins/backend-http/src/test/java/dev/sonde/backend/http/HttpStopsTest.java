package dev.sonde.backend.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream.Generation;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.Sequence;
import dev.sonde.testkit.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts at which generations end: seen to by the server, or here where it knows none. */
class HttpStopsTest {
  private static final List<String> PIECES =
      IntStream.range(0, TinyModel.VOCABULARY).mapToObj(id -> "<" + id + ">").toList();

  @TempDir Path folder;

  @Test
  void aServerThatKnowsTextsEndsAtThem() {
    try (ModelServer server = new ModelServer();
        LanguageModel model = open(server, PIECES)) {
      assertThat(model.capabilities().features()).contains(Capabilities.STOP_STRINGS);
      int[] free = tokens(model, request());
      String stop = "><" + free[2] + ">";
      assertThat(tokens(model, request().stoppingAt(List.of(stop))))
          .isEqualTo(Arrays.copyOf(free, 3));
    }
  }

  @Test
  void whereTheServerKnowsNoneTheyAreCutHere() {
    try (ModelServer server = new ModelServer();
        LanguageModel model = open(server, List.of())) {
      assertThat(model.capabilities().features()).doesNotContain(Capabilities.STOP_STRINGS);
      int[] free = tokens(model, request());
      String stop = "><" + free[2] + ">";
      Generation cut =
          generations(model, request().stoppingAt(List.of(stop)).withPieces(PIECES)).getFirst();
      assertThat(cut.tokens()).isEqualTo(Arrays.copyOf(free, 3));
      assertThat(cut.logProbabilities()).hasSize(3);
    }
  }

  private static GenerateRequest request() {
    return GenerateRequest.greedy(List.of(Sequence.of(3, 4, 5, 6).maxNewTokens(8)));
  }

  private LanguageModel open(ModelServer server, List<String> pieces) {
    Path model = TinyModel.write(folder.resolve("tiny"), 1);
    return new ServedFactory(server, HttpBackendTest.reference(), pieces)
        .open(Sources.of(model, folder));
  }

  private static int[] tokens(LanguageModel model, GenerateRequest request) {
    return generations(model, request).getFirst().tokens();
  }

  private static List<Generation> generations(LanguageModel model, GenerateRequest request) {
    List<Generation> all = new ArrayList<>();
    model.generate(request).forEach(all::add);
    return all;
  }
}
