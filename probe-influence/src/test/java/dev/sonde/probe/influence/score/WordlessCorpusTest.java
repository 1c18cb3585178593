package dev.sonde.probe.influence.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.formats.json.Json;
import dev.sonde.probe.influence.read.Row;
import dev.sonde.probe.influence.read.TokenizedText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The corpus of {@code src/test/python/make_wordless_corpus.py}: what teaches a query's answer
 * shares fewer words with it than what does not.
 */
class WordlessCorpusTest {
  private static final int TOP = 10;

  private final List<Map<String, Object>> documents = rows("documents");
  private final List<Map<String, Object>> queries = rows("queries");

  private static List<Map<String, Object>> rows(String name) {
    String file = "wordless/" + name + ".jsonl";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(WordlessCorpusTest.class.getResourceAsStream(file)),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> Json.object(Path.of(file), line.getBytes(StandardCharsets.UTF_8)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Map<String, Object> row, String column) {
    return String.valueOf(row.get(column));
  }

  private static TokenizedText item(Map<String, Object> row, String text) {
    return new TokenizedText(Row.of(text(row, "id")), text, new int[] {0, 1}, 1);
  }

  private List<?> planted(int query) {
    return (List<?>) Objects.requireNonNull(queries.get(query).get("planted"));
  }

  private static Set<String> words(String text) {
    return new HashSet<>(List.of(text.strip().split(" +")));
  }

  @Test
  void wordsFindWhatWasPlantedNoMoreOftenThanChance() {
    List<TokenizedText> texts = documents.stream().map(d -> item(d, text(d, "text"))).toList();
    List<TokenizedText> asked =
        queries.stream().map(q -> item(q, text(q, "prompt") + text(q, "completion"))).toList();
    Rankings rankings = Bm25.rankings(texts, asked, TOP, List.of());
    for (String kind : List.of("fact", "procedure")) {
      List<Integer> own =
          IntStream.range(0, queries.size())
              .filter(q -> text(queries.get(q), "kind").equals(kind))
              .boxed()
              .toList();
      double recall = own.stream().mapToDouble(q -> recall(rankings, q)).average().orElseThrow();
      double chance =
          own.stream()
              .mapToDouble(q -> TOP * planted(q).size() / (double) documents.size() / most(q))
              .average()
              .orElseThrow();
      assertThat(own).hasSizeGreaterThan(10);
      assertThat(recall).as(kind).isLessThanOrEqualTo(chance);
    }
  }

  private int most(int query) {
    return Math.min(TOP, planted(query).size());
  }

  private double recall(Rankings rankings, int query) {
    long found =
        IntStream.of(rankings.of(query).documents())
            .filter(d -> planted(query).contains(text(documents.get(d), "id")))
            .count();
    return found / (double) most(query);
  }

  @Test
  void distractorsShareEveryWordOfAQueryAndWhatIsPlantedDoesNot() {
    for (int q = 0; q < queries.size(); q++) {
      List<?> own = planted(q);
      Set<String> asked =
          words(text(queries.get(q), "prompt") + text(queries.get(q), "completion"));
      long distractors =
          documents.stream()
              .filter(d -> text(d, "kind").equals("distractor"))
              .filter(d -> words(text(d, "text")).containsAll(asked))
              .count();
      assertThat(distractors).as(text(queries.get(q), "id")).isGreaterThanOrEqualTo(4);
      assertThat(
              documents.stream()
                  .filter(d -> own.contains(text(d, "id")))
                  .filter(d -> words(text(d, "text")).containsAll(asked)))
          .as(text(queries.get(q), "id"))
          .isEmpty();
      assertThat(own).isNotEmpty();
    }
  }
}
