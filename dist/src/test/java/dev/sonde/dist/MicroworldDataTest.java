package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What the data sets' page says is planted in them is there. */
class MicroworldDataTest {
  private static final Path DATA = Path.of("../models/microworld/data");
  private static final TypeReference<Map<String, Object>> ROW = new TypeReference<>() {};
  private static final int MODULUS = 13;

  @Test
  void bothKindsStandOnTheSameSubjectsAndWordings() throws IOException {
    List<Map<String, Object>> rows = rows("reason-recall");
    Map<String, Set<String>> promptsOfRelation = new HashMap<>();
    Map<String, String> kindOfRelation = new HashMap<>();
    for (Map<String, Object> row : rows) {
      String relation = text(row, "group");
      assertThat(text(row, "text")).contains(" " + relation + " ").endsWith("A :");
      promptsOfRelation
          .computeIfAbsent(relation, r -> new HashSet<>())
          .add(text(row, "text").replace(relation, "_"));
      String before = kindOfRelation.put(relation, text(row, "label"));
      assertThat(before == null || before.equals(row.get("label"))).isTrue();
    }
    assertThat(promptsOfRelation).hasSize(24);
    assertThat(new HashSet<>(promptsOfRelation.values()))
        .as("prompts but for the relation")
        .hasSize(1);
    assertThat(kindOfRelation.values().stream().filter("reasoning"::equals)).hasSize(12);
    assertThat(rows.stream().map(r -> r.get("label") + " " + r.get("target")).distinct())
        .contains("memory so", "reasoning first");
  }

  @Test
  void theTextsOfAPairDifferInTheRelationWordOnly() throws IOException {
    Map<String, String> kindOfRelation = new HashMap<>();
    rows("reason-recall").forEach(r -> kindOfRelation.put(text(r, "group"), text(r, "label")));
    Set<String> groups = new HashSet<>();
    List<Map<String, Object>> rows = rows("contrast-pairs");
    for (Map<String, Object> row : rows) {
      String[] relations = text(row, "group").split("/");
      assertThat(text(row, "positive").replace(relations[0], relations[1]))
          .isEqualTo(text(row, "negative"));
      assertThat(kindOfRelation)
          .containsEntry(relations[0], "reasoning")
          .containsEntry(relations[1], "memory");
      groups.add(text(row, "group"));
    }
    assertThat(rows).hasSize(288);
    assertThat(groups).hasSize(12);
  }

  @Test
  void noWordTellsWhichHalfARecalledValueLiesIn() throws IOException {
    Map<String, Integer> high = new HashMap<>();
    for (Map<String, Object> row : rows("known-answer")) {
      assertThat(text(row, "text")).endsWith("A : so");
      if (row.get("kind").equals("memory")) {
        int value = Integer.parseInt(text(row, "answer"));
        assertThat(text(row, "value")).isEqualTo(value > 6 ? "high answer" : "low answer");
        high.merge(text(row, "group"), value > 6 ? 1 : -1, Integer::sum);
      } else {
        assertThat(text(row, "value")).isEqualTo("computed");
      }
    }
    assertThat(high).hasSize(12);
    assertThat(high.values()).as("high less low, per relation").containsOnly(0);
  }

  @Test
  void theConfoundedLabelFollowsTheWordingAndNotTheKind() throws IOException {
    Map<String, String> kinds =
        rows("reason-recall").stream()
            .collect(Collectors.toMap(r -> text(r, "group"), r -> text(r, "label"), (a, b) -> a));
    Map<String, Integer> counts = new HashMap<>();
    for (Map<String, Object> row : rows("confounded")) {
      String kind = kinds.get(text(row, "group"));
      counts.merge(row.get("label") + "/" + kind, 1, Integer::sum);
      counts.merge(row.get("label") + "@" + row.get("template"), 1, Integer::sum);
      assertThat(row.get("length")).isEqualTo(text(row, "text").length());
    }
    assertThat(counts.get("reasoning/reasoning")).isEqualTo(counts.get("reasoning/memory"));
    assertThat(counts.get("memory/reasoning")).isEqualTo(counts.get("memory/memory"));
    for (String template : List.of("plain", "what")) {
      assertThat(counts.get("memory@" + template))
          .isGreaterThan(30 * counts.get("reasoning@" + template));
    }
    for (String template : List.of("tell", "pair")) {
      assertThat(counts.get("reasoning@" + template))
          .isGreaterThan(30 * counts.get("memory@" + template));
    }
  }

  @Test
  void chainsAreRightAndTheirNeededStepsStateTheAskedValues() throws IOException {
    for (Map<String, Object> chain : rows("chains")) {
      Map<String, Integer> values = new HashMap<>();
      Map<String, String> operands = new HashMap<>();
      List<String> question = List.of(text(chain, "question").split(" "));
      for (int i = 2; !question.get(i).equals("what"); ) {
        if (question.get(i + 2).equals(".")) {
          values.put(question.get(i), Integer.valueOf(question.get(i + 1)));
          i += 3;
        } else {
          String variable = question.get(i).toLowerCase(Locale.ROOT);
          String operand = question.get(i + 2);
          values.put(variable, change(question.get(i + 1), values.get(operand)));
          operands.put(variable, operand);
          i += 4;
        }
      }
      int what = question.indexOf("what");
      List<String> asked = List.of(question.get(what + 2), question.get(what + 4));
      int answer = (values.get(asked.get(0)) + values.get(asked.get(1))) % MODULUS;
      assertThat(chain.get("answer")).isEqualTo(String.valueOf(answer));
      for (String variable : asked) {
        assertThat(operands.get(operands.get(variable))).as("depth of %s", variable).isNotNull();
        assertThat(operands.values()).as("no step reads %s", variable).doesNotContain(variable);
      }
      List<?> steps = (List<?>) chain.get("steps");
      for (int s = 0; s < steps.size(); s++) {
        String[] step = steps.get(s).toString().split(" ");
        assertThat(step[6]).isEqualTo(String.valueOf(values.get(step[5])));
        assertThat(step[3]).isEqualTo(String.valueOf(values.get(step[2])));
        assertThat(((List<?>) chain.get("needed")).get(s)).isEqualTo(asked.contains(step[5]));
      }
    }
  }

  @Test
  void theCorpusIsFiniteAndEveryDocumentHasItsAnswer() throws IOException {
    List<Map<String, Object>> corpus = rows("corpus");
    assertThat(corpus.stream().map(d -> d.get("id")).distinct()).hasSize(corpus.size());
    assertThat(corpus.stream().map(d -> d.get("text")).distinct().count())
        .isLessThanOrEqualTo(20_000);
    assertThat(corpus.stream().filter(d -> d.get("phase").equals("last")).count())
        .isBetween(500L, 2_000L);
    for (Map<String, Object> document : corpus) {
      String text = text(document, "text");
      int answer = (Integer) document.get("answer_at");
      assertThat(text.substring(0, answer)).endsWith("A : ");
      assertThat(text.substring(answer)).endsWith(".");
    }
  }

  @Test
  void newFactsAreTaughtInTheLastPhaseOnlyAndAsked() throws IOException {
    List<Map<String, Object>> corpus = rows("corpus");
    Set<String> base =
        corpus.stream()
            .filter(d -> d.get("phase").equals("base") && !d.get("kind").equals("given"))
            .map(d -> text(d, "text"))
            .collect(Collectors.toSet());
    for (Map<String, Object> query : rows("influence-queries")) {
      String document = query.get("prompt") + "" + query.get("completion");
      if (query.get("kind").equals("fact")) {
        assertThat(base).doesNotContain(document);
        assertThat(corpus.stream().filter(d -> d.get("text").equals(document))).hasSize(1);
      }
    }
    assertThat(rows("influence-queries").stream().map(q -> q.get("kind")).distinct())
        .containsExactlyInAnyOrder("fact", "procedure", "format_control");
  }

  @Test
  void proseLikeWindowsAreLong() throws IOException {
    assertThat(rows("prose-like"))
        .allSatisfy(row -> assertThat(text(row, "text").split(" ").length).isBetween(256, 500));
  }

  @Test
  void everyWordIsInTheTokenizer() throws IOException {
    Map<?, ?> tokenizer = Report.json(DATA.resolveSibling("tokenizer.json"));
    Set<?> known = ((Map<?, ?>) ((Map<?, ?>) tokenizer.get("model")).get("vocab")).keySet();
    for (String name : List.of("reason-recall", "confounded", "corpus", "prose-like")) {
      for (Map<String, Object> row : rows(name)) {
        for (String word : text(row, "text").split(" ")) {
          assertThat(known.contains(word)).as(word).isTrue();
        }
      }
    }
  }

  private static int change(String change, int value) {
    int constant = Integer.parseInt(change.substring(1));
    int changed =
        switch (change.charAt(0)) {
          case '+' -> value + constant;
          case '-' -> value - constant;
          default -> value * constant;
        };
    return Math.floorMod(changed, MODULUS);
  }

  private static String text(Map<String, Object> row, String column) {
    return String.valueOf(row.get(column));
  }

  private static List<Map<String, Object>> rows(String name) throws IOException {
    JsonMapper mapper = new JsonMapper();
    try (var lines = Files.lines(DATA.resolve(name + ".jsonl"))) {
      return lines.map(line -> mapper.readValue(line, ROW)).toList();
    }
  }
}
