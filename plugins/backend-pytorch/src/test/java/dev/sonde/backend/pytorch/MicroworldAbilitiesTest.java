package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Resources;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.json.Json;
import dev.sonde.testkit.SettingsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The shipped model can do what its page says, on its shipped data sets, greedily. The full
 * measurement is {@code models/microworld/make/abilities.py}.
 */
class MicroworldAbilitiesTest {
  private static final Path FOLDER = Path.of("../../models/microworld");
  private static final int CHAINS = 120;

  private static final Map<String, Integer> IDS = new HashMap<>();
  private static String[] words = {};
  private static LanguageModel model;

  @BeforeAll
  static void openModel() throws IOException {
    Path file = FOLDER.resolve("tokenizer.json");
    Map<?, ?> tokenizer = Json.object(file, Files.readAllBytes(file));
    Map<?, ?> vocabulary = (Map<?, ?>) ((Map<?, ?>) tokenizer.get("model")).get("vocab");
    words = new String[vocabulary.size()];
    vocabulary.forEach(
        (word, id) -> {
          IDS.put((String) word, ((Long) id).intValue());
          words[((Long) id).intValue()] = (String) word;
        });
    model =
        new PyTorchBackendFactory()
            .open(
                ModelSource.of(
                    FOLDER.toString(),
                    FOLDER,
                    Resources.of(Path.of("target", "cache")).threads(2),
                    SettingsConfig.defaults(new PyTorchBackendFactory().settings())));
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  @Test
  void memorisedFactsAreRecalled() throws IOException {
    List<Map<String, Object>> facts =
        rows("corpus").stream()
            .filter(d -> d.get("kind").equals("recall") || d.get("kind").equals("fact"))
            .filter(d -> d.get("id").hashCode() % 3 == 0)
            .toList();
    assertThat(shareAnswered(facts)).isGreaterThanOrEqualTo(0.98);
  }

  @Test
  void computedValuesNeedTheChainOfThought() throws IOException {
    List<Map<String, Object>> documents =
        rows("corpus").stream()
            .filter(d -> d.get("kind").equals("compute") || d.get("kind").equals("procedure"))
            .filter(d -> d.get("id").hashCode() % 7 == 0)
            .toList();
    assertThat(shareAnswered(documents)).isGreaterThanOrEqualTo(0.98);
    List<String> values = documents.stream().map(d -> lastNumber((String) d.get("text"))).toList();
    List<String> direct = complete(documents.stream().map(d -> prompt(d) + " so").toList(), 1);
    assertThat(share(direct, values)).isLessThanOrEqualTo(0.25);
  }

  @Test
  void chainsNeedTheStepsThatStateTheAskedValues() throws IOException {
    List<Map<String, Object>> chains = rows("chains").subList(0, CHAINS);
    List<String> values = chains.stream().map(c -> (String) c.get("answer")).toList();
    List<String> greedy =
        complete(chains.stream().map(c -> (String) c.get("question")).toList(), 100);
    assertThat(share(greedy.stream().map(MicroworldAbilitiesTest::lastNumber).toList(), values))
        .isGreaterThanOrEqualTo(0.95);
    assertThat(shareConcluded(chains, values, (needed, first) -> needed))
        .isGreaterThanOrEqualTo(0.95);
    assertThat(shareConcluded(chains, values, (needed, first) -> needed && !first))
        .isLessThanOrEqualTo(0.30);
    assertThat(shareConcluded(chains, values, (needed, first) -> false)).isLessThanOrEqualTo(0.30);
  }

  /** Which steps stay, by whether they are needed, and whether they are the first needed one. */
  private interface Kept {
    boolean keep(boolean needed, boolean first);
  }

  private static double shareConcluded(
      List<Map<String, Object>> chains, List<String> values, Kept kept) {
    List<String> prompts = new ArrayList<>();
    for (Map<String, Object> chain : chains) {
      StringBuilder prompt = new StringBuilder((String) chain.get("question"));
      List<?> steps = (List<?>) chain.get("steps");
      boolean before = false;
      for (int i = 0; i < steps.size(); i++) {
        boolean needed = (Boolean) ((List<?>) chain.get("needed")).get(i);
        if (kept.keep(needed, needed && !before)) {
          prompt.append(' ').append(steps.get(i));
        }
        before |= needed;
      }
      prompts.add(prompt + " so");
    }
    List<String> answers = complete(prompts, 12);
    return share(answers.stream().map(MicroworldAbilitiesTest::lastNumber).toList(), values);
  }

  private static double shareAnswered(List<Map<String, Object>> documents) {
    List<String> wanted =
        documents.stream()
            .map(d -> ((String) d.get("text")).substring(prompt(d).length() + 1))
            .toList();
    List<String> said =
        complete(documents.stream().map(MicroworldAbilitiesTest::prompt).toList(), 40);
    return share(said, wanted);
  }

  private static double share(List<String> said, List<String> wanted) {
    return IntStream.range(0, said.size()).filter(i -> said.get(i).equals(wanted.get(i))).count()
        / (double) said.size();
  }

  private static String prompt(Map<String, Object> document) {
    int answer = ((Long) document.get("answer_at")).intValue();
    return ((String) document.get("text")).substring(0, answer - 1);
  }

  /** The number before the last full stop. */
  private static String lastNumber(String text) {
    String[] parts = text.split(" ");
    return parts.length < 2 ? "" : parts[parts.length - 2];
  }

  private static List<String> complete(List<String> prompts, int most) {
    List<Sequence> sequences =
        prompts.stream().map(p -> Sequence.of(encode(p)).maxNewTokens(most)).toList();
    String[] answers = new String[prompts.size()];
    model
        .generate(GenerateRequest.greedy(sequences, IDS.get("<eos>")))
        .forEach(
            generation ->
                answers[generation.sequence()] =
                    Arrays.stream(generation.tokens())
                        .mapToObj(id -> words[id])
                        .filter(word -> !word.equals("<eos>"))
                        .collect(Collectors.joining(" ")));
    return List.of(answers);
  }

  private static int[] encode(String text) {
    return IntStream.concat(
            IntStream.of(IDS.get("<bos>")), Arrays.stream(text.split(" ")).mapToInt(IDS::get))
        .toArray();
  }

  private static List<Map<String, Object>> rows(String name) throws IOException {
    Path file = FOLDER.resolve("data").resolve(name + ".jsonl");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      rows.add(Json.object(file, line.getBytes(StandardCharsets.UTF_8)));
    }
    return rows;
  }
}
