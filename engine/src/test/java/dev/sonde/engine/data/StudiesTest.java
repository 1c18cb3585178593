package dev.sonde.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.text.Message;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudiesTest {
  private static final String ROWS =
      """
      {"id": "b", "text": "two", "label": "memory", "group": "g1", "n": 2.5}
      {"id": "a", "text": "one", "label": "reasoning", "group": "g2", "n": 1}

      {"id": "c", "text": "three", "label": "memory", "group": "g1", "n": 3}
      """;

  private static final String CHATS =
      """
      {"chat": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}]}
      {"chat": [{"role": "user", "content": "Bye"}]}
      """;

  @TempDir Path folder;

  @Test
  void aSingleValueIsAListOfOne() throws IOException {
    String rows =
        """
        {"text": "a", "answer": ["1", "one"]}
        {"text": "b", "answer": 2}
        """;
    assertThat(open("rows.jsonl", rows).examples())
        .extracting(row -> row.texts("answer"))
        .containsExactly(List.of("1", "one"), List.of("2"));
  }

  @Test
  void rowsBecomeExamplesInFileOrder() throws IOException {
    LabelledStudy study =
        open("rows.jsonl", ROWS, "data.label=label", "data.positive=reasoning", "data.group=group");
    assertThat(study.examples()).extracting(Example::id).containsExactly("b", "a", "c");
    assertThat(study.examples()).extracting(Example::text).containsExactly("two", "one", "three");
    assertThat(study.groups()).containsExactly("g1", "g2", "g1");
    Targets targets = study.targets().orElseThrow();
    assertThat(targets.positives()).isEqualTo(1);
    assertThat(targets.positive(1)).isTrue();
    assertThat(targets.negativeName()).isEqualTo("memory");
  }

  private static final String PAIRS =
      """
      {"id": "x", "positive": "I am glad", "negative": "I am sad", "topic": "t1"}
      {"positive": "Good", "negative": "Bad", "topic": "t2"}
      """;

  private LabelledStudy pairs(String rows, String... more) throws IOException {
    List<String> overrides = new ArrayList<>(List.of("data.pairs=[positive, negative]"));
    overrides.addAll(List.of(more));
    overrides.add("data.text=");
    return open("pairs.jsonl", rows, overrides.toArray(String[]::new));
  }

  @Test
  void aRowOfAPairBecomesTwoExamplesOfOneGroup() throws IOException {
    LabelledStudy study = pairs(PAIRS);
    assertThat(study.examples())
        .extracting(Example::id)
        .containsExactly("x.positive", "x.negative", "2.positive", "2.negative");
    assertThat(study.examples())
        .extracting(Example::text)
        .containsExactly("I am glad", "I am sad", "Good", "Bad");
    assertThat(study.groups()).containsExactly("x", "x", "2", "2");
    assertThat(study.pairs()).containsExactly("x", "x", "2", "2");
    Targets targets = study.targets().orElseThrow();
    assertThat(targets.positives()).isEqualTo(2);
    assertThat(targets.positive(0)).isTrue();
    assertThat(targets.positive(1)).isFalse();
    assertThat(targets.positiveName()).isEqualTo("positive");
    assertThat(pairs(PAIRS, "data.group=topic").groups()).containsExactly("t1", "t1", "t2", "t2");
    assertThat(pairs(PAIRS, "data.limit=1").examples())
        .extracting(Example::text)
        .containsExactly("Good", "Bad");
  }

  @Test
  void columnsOfPairsMayHaveAnyNameAndATemplateReadsTheTextOfEitherSide() throws IOException {
    String caa =
        """
        {"question": "Fine?", "answer_matching": "(A)", "answer_not_matching": "(B)"}
        """;
    LabelledStudy study =
        open(
            "caa.jsonl",
            caa,
            "data.pairs=[answer_matching, answer_not_matching]",
            "data.template='{question} {text}'",
            "data.text=");
    assertThat(study.examples())
        .extracting(Example::text)
        .containsExactly("Fine? (A)", "Fine? (B)");
  }

  @Test
  void conversationsMayBePairs() throws IOException {
    String preferences =
        """
        {"chosen": [{"role": "user", "content": "Hi"}], "rejected": [{"role": "user", "content": "Go"}]}
        """;
    LabelledStudy study =
        open(
            "chats.jsonl",
            preferences,
            "data.pairs=[chosen, rejected]",
            "data.messages=text",
            "data.text=");
    assertThat(study.examples())
        .extracting(Example::text)
        .containsExactly("user:Hi|prompt", "user:Go|prompt");
  }

  @Test
  void aPairThatIsNoneIsRefusedWithItsLineAndARemedy() {
    assertRefused(
        "pairs.jsonl",
        "{\"positive\": \"a\", \"negatve\": \"b\"}\n",
        "pairs.jsonl:1: there is no column 'negative'; did you mean negatve?",
        "data.pairs=[positive, negative]",
        "data.text=");
    assertRefused(
        "pairs.jsonl",
        "{\"positive\": \"a\", \"negative\": \" \"}\n",
        "pairs.jsonl:1: column 'negative' is empty, and a pair takes two texts: fill it in or leave the row out",
        "data.pairs=[positive, negative]",
        "data.text=");
    assertRefused(
        "pairs.jsonl",
        "{\"positive\": \"a\", \"negative\": \"b\"}\n{\"positive\": \"c\", \"negative\": \"c\"}\n",
        "pairs.jsonl:2: columns 'positive' and 'negative' hold the same text, so that nothing tells them apart",
        "data.pairs=[positive, negative]",
        "data.text=");
    assertRefused(
        "pairs.jsonl",
        PAIRS,
        "data.pairs: name two columns, that of the positive text first",
        "data.pairs=[positive]",
        "data.text=");
    assertRefused(
        "pairs.jsonl",
        PAIRS,
        "data.label: stands beside pairs, whose columns are the labels; leave one of them out",
        "data.pairs=[positive, negative]",
        "data.label=topic",
        "data.text=");
    assertRefused(
        "pairs.jsonl",
        PAIRS,
        "'pairs' names the columns of the texts",
        "data.pairs=[positive, negative]");
    assertRefused(
        "pairs.jsonl",
        PAIRS,
        "data.template: with pairs it must hold {text}",
        "data.pairs=[positive, negative]",
        "data.template='{topic}'",
        "data.text=");
  }

  @Test
  void csvReadsAsJsonLinesDoes() throws IOException {
    String csv = "id,text,label\nb,\"two, or so\",memory\na,one,reasoning\n";
    LabelledStudy study = open("rows.csv", csv, "data.label=label", "data.positive=reasoning");
    assertThat(study.examples()).extracting(Example::text).containsExactly("two, or so", "one");
    assertThat(study.groups()).containsExactly("b", "a");
  }

  @Test
  void aTemplateFillsInColumns() throws IOException {
    LabelledStudy study = open("rows.jsonl", ROWS, "data.template='Q: {text} ({n})'", "data.text=");
    assertThat(study.examples().getFirst().text()).startsWith("Q: two (2.5)");
  }

  @Test
  void twoBracesInATemplateStandForOne() throws IOException {
    LabelledStudy study = open("rows.jsonl", ROWS, "data.template='{{{text}}} }}{{'", "data.text=");
    assertThat(study.examples().getFirst().text()).isEqualTo("{two} }{");
  }

  @Test
  void aTemplateThatCannotBeFilledIsRefused() {
    assertRefused(
        "rows.jsonl",
        ROWS,
        "rows.jsonl:1: there is no column 'txt'; did you mean text?",
        "data.template='Q {txt}'",
        "data.text=");
    assertRefused(
        "rows.jsonl",
        ROWS,
        "data.template: '}' at character 4 stands alone; write '}}'",
        "data.template='a b}{text}'",
        "data.text=");
  }

  @Test
  void messagesAreRenderedForTheModel() throws IOException {
    LabelledStudy study = open("rows.jsonl", CHATS, "data.messages=chat", "data.text=");
    Example first = study.examples().getFirst();
    assertThat(first.text()).isEqualTo("system:Be kind.|user:Hi|prompt");
    assertThat(first.specialTokens()).isFalse();
    assertThat(
            open(
                    "rows.jsonl",
                    CHATS,
                    "data.messages=chat",
                    "data.generation_prompt=false",
                    "data.text=")
                .examples()
                .getLast()
                .text())
        .isEqualTo("user:Bye");
  }

  @Test
  void textsAreFedWithTheTokenizersSpecialTokens() throws IOException {
    assertThat(open("rows.jsonl", ROWS).examples()).allMatch(Example::specialTokens);
  }

  @Test
  void messagesThatAreNoneAreRefusedByLine() {
    assertNoMessages("{\"chat\": \"Hi\"}", "rows.jsonl:1: column 'chat' is not a list");
    assertNoMessages("{\"chat\": []}", "rows.jsonl:1: column 'chat' has no messages");
    assertNoMessages(
        "{\"chat\": [{\"role\": \"user\"}, {\"content\": \"a\"}]}",
        "rows.jsonl:1: column 'chat': message 2 is not an object with a role");
    assertNoMessages("{\"chats\": 1}", "no column 'chat'; did you mean chats?");
  }

  @Test
  void partsOfAMessageThatAreNoTextsAreRefusedByLine() {
    assertNoMessages(
        "{\"chat\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"a\"},"
            + " {\"type\": \"image_url\", \"image_url\": {}}]}]}",
        "rows.jsonl:1: column 'chat': message 1 has a part of type 'image_url', and only texts are"
            + " read");
  }

  @Test
  void aConversationThatTheTemplateRefusesIsNamedByLine() {
    assertNoMessages(
        CHATS + "{\"chat\": [{\"role\": \"narrator\", \"content\": \"a\"}]}",
        "rows.jsonl:3: no narrators");
  }

  private void assertNoMessages(String content, String reason) {
    assertRefused("rows.jsonl", content, reason, "data.messages=chat", "data.text=");
  }

  @Test
  void limitTakesTheFirstRowsById() throws IOException {
    LabelledStudy study = open("rows.jsonl", ROWS, "data.limit=2");
    assertThat(study.examples()).extracting(Example::id).containsExactly("b", "a");
  }

  @Test
  void labelsThatAreNumbersAreGraded() throws IOException {
    Targets targets = open("rows.jsonl", ROWS, "data.label=n").targets().orElseThrow();
    assertThat(targets.isBinary()).isFalse();
    assertThat(targets.value(0)).isEqualTo(2.5);
  }

  @Test
  void aMalformedLineIsRefusedByNumber() {
    assertRefused("rows.jsonl", ROWS + "{\"id\": \n", "rows.jsonl:5: is not a JSON object");
    assertRefused("rows.jsonl", "{\"text\": \"a\", \"text\": \"b\"}", "rows.jsonl:1:");
    assertRefused("rows.csv", "id,text\na\n", "rows.csv:2: has 1 fields, the header has 2");
  }

  @Test
  void aMissingColumnIsRefusedWithTheNearestName() {
    assertRefused("rows.jsonl", ROWS, "no column 'lable'; did you mean label?", "data.label=lable");
  }

  @Test
  void oneClassOnlyIsRefused() {
    String one = ROWS.replace("reasoning", "memory");
    assertRefused("rows.jsonl", one, "has one value only", "data.label=label");
  }

  @Test
  void labelsWithoutAPositiveOneAskWhich() {
    assertRefused("rows.jsonl", ROWS, "one of [memory, reasoning]", "data.label=label");
    assertRefused(
        "rows.jsonl",
        ROWS,
        "no row has the label 'thinking'",
        "data.label=label",
        "data.positive=thinking");
  }

  @Test
  void aGroupOnBothSidesOfAHandMadeSplitIsRefusedByLine() {
    String rows =
        """
        {"text": "a", "group": "g", "split": "train"}
        {"text": "b", "group": "g", "split": "test"}
        """;
    assertRefused(
        "rows.jsonl",
        rows,
        "rows.jsonl:2: group 'g' stands on both sides",
        "data.group=group",
        "data.split=split");
    assertRefused(
        "rows.jsonl", rows.replace("test", "dev"), "'dev', not train or test", "data.split=split");
  }

  @Test
  void aRowThatStandsTwiceIsTakenOnceAndNoted() throws IOException {
    String first = ROWS.substring(0, ROWS.indexOf('\n') + 1);
    LabelledStudy study = open("rows.jsonl", ROWS + first);
    assertThat(study.size()).isEqualTo(open("rows.jsonl", ROWS).size());
    assertThat(study.remarks()).singleElement().asString().contains("stands twice");
  }

  @Test
  void aDuplicateIdIsRefusedByBothLines() {
    assertRefused("rows.jsonl", ROWS.replace("\"c\"", "\"a\""), "stands already on line 2");
  }

  @Test
  void filesThatAreNotDataAreRefused() {
    assertRefused("rows.txt", ROWS, "neither .jsonl nor .csv");
    assertRefused("rows.jsonl", "", "holds no rows");
    assertRefused("rows.jsonl", "{\"text\": \"\"}", "the text is empty");
  }

  @Test
  void theFoldersOfThoughtAnchorsAreRowsWithTheirChunksAsSteps() throws IOException {
    problem("problem_2", "{\"problem\": \"2 + 2?\", \"gt_answer\": \"4\", \"level\": \"Level 1\"}");
    problem("problem_1", "{\"problem\": \"1 + 2?\", \"gt_answer\": \"3\"}");
    Files.createDirectories(folder.resolve("anchors/plots"));

    List<Example> rows = anchors().examples();

    assertThat(rows).extracting(Example::id).containsExactly("problem_1", "problem_2");
    assertThat(rows).extracting(Example::text).containsExactly("1 + 2?", "2 + 2?");
    assertThat(rows.getFirst().text("answer")).isEqualTo("3");
    assertThat(rows.getFirst().texts("steps")).containsExactly("Add them.", "So it is that.");
  }

  @Test
  void aProblemBringsItsTagsImportancesSpacingAndRollouts() throws IOException {
    Path of = Files.createDirectories(folder.resolve("anchors/problem_1"));
    Files.writeString(
        of.resolve("problem.json"), "{\"problem\": \"1 + 2?\", \"gt_answer\": \"3\"}");
    Files.writeString(
        of.resolve("chunks_labeled.json"),
        """
        [{"chunk": "Add them.", "function_tags": ["plan_generation", "a"],
          "resampling_importance_kl": 0.5},
         {"chunk": "So it is that.", "depends_on": ["0"], "resampling_importance_kl": NaN}]
        """);
    Files.writeString(
        of.resolve("base_solution.json"), "{\"solution\": \"Add them.\\n\\nSo it is that.\\n\"}");
    Files.writeString(
        Files.createDirectories(of.resolve("chunk_1")).resolve("solutions.json"),
        """
        [{"answer": "3", "is_correct": true, "chunk_resampled": "So."},
         {"answer": "None", "is_correct": null}, {"error": "timeout"}]
        """);
    Files.writeString(
        Files.createDirectories(folder.resolve("anchors_forced_answer/problem_1/chunk_0"))
            .resolve("solutions.json"),
        "[{\"answer\": \"4\", \"is_correct\": false}]");

    Example row = anchors().examples().getFirst();

    assertThat(row.texts("steps")).containsExactly("Add them.", "\n\nSo it is that.");
    assertThat(row.texts("function_tags")).containsExactly("plan_generation, a", "");
    assertThat(row.texts("depends_on")).containsExactly("", "0");
    assertThat(row.texts("resampling_importance_kl")).containsExactly("0.5", "");
    assertThat(row.has("accuracy")).isFalse();
    assertThat(row.texts("rollouts.1.answer")).containsExactly("3", "", "");
    assertThat(row.texts("rollouts.1.correct")).containsExactly("true", "", "");
    assertThat(row.texts("rollouts.1.resampled")).containsExactly("So.", "", "");
    assertThat(row.has("rollouts.0.answer")).isFalse();
    assertThat(row.texts("forced.0.answer")).containsExactly("4");
  }

  @Test
  void aProblemWithoutItsAnswerIsRefusedByItsFile() throws IOException {
    problem("problem_1", "{\"problem\": \"1 + 2?\"}");
    assertThatThrownBy(this::anchors)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("problem.json: has no text 'gt_answer'");
  }

  private void problem(String name, String problem) throws IOException {
    Path of = Files.createDirectories(folder.resolve("anchors").resolve(name));
    Files.writeString(of.resolve("problem.json"), problem);
    Files.writeString(
        of.resolve("chunks_labeled.json"),
        """
        [{"chunk": "Add them.", "chunk_idx": 0, "function_tags": ["plan_generation"]},
         {"chunk": "So it is that.", "chunk_idx": 1, "depends_on": ["0"]}]
        """);
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstColumn() throws IOException {
    String mark = "\uFEFF";
    assertThat(open("rows.jsonl", mark + "{\"text\": \"a\"}\n").examples().getFirst().text())
        .isEqualTo("a");
    assertThat(open("rows.csv", mark + "text\na\n").examples().getFirst().text()).isEqualTo("a");
  }

  @Test
  void numbersThatJsonDoesNotHaveAreRefusedByLineAndColumn() {
    for (String number : List.of("NaN", "Infinity", "-Infinity", "[1, NaN]", "{\"a\": NaN}")) {
      assertRefused(
          "rows.jsonl",
          "{\"text\": \"a\"}\n{\"text\": \"b\", \"score\": " + number + "}\n",
          "rows.jsonl:2: 'score' holds NaN or Infinity");
    }
  }

  @Test
  void halfASurrogatePairIsRefusedWhereItIsReadAndNotElsewhere() throws IOException {
    String half = "{\"id\": \"a\", \"text\": \"x \\ud83d y\"}\n";
    assertRefused("rows.jsonl", half, "rows.jsonl:1: column 'text' holds half a surrogate pair");
    assertRefused("rows.jsonl", half, "(\\ud83d at character 3)");
    String unread = "{\"text\": \"a\", \"note\": \"\\ud83d\"}\n";
    assertThat(open("rows.jsonl", unread).examples()).hasSize(1);
    String chat = "{\"chat\": [{\"role\": \"user\", \"content\": \"\\ude42\"}]}\n";
    assertRefused(
        "rows.jsonl", chat, "column 'chat' holds half", "data.text=", "data.messages=chat");
  }

  @Test
  void numbersAndNestingBeyondAllMeasureAreRefusedByLine() {
    assertRefused(
        "rows.jsonl", "{\"text\": \"a\"}\n{\"text\": " + "1".repeat(5000) + "}\n", "rows.jsonl:2:");
    assertRefused("rows.jsonl", "{\"text\": " + "[".repeat(5000), "rows.jsonl:1:");
  }

  @Test
  void aListWithNullInItIsNoListOfTexts() throws IOException {
    LabelledStudy study = open("rows.jsonl", "{\"text\": \"a\", \"steps\": [\"b\", null]}\n");
    assertThatThrownBy(() -> study.examples().getFirst().texts("steps"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("rows.jsonl:1: column 'steps' is a list that holds null");
  }

  @Test
  void columnsOfOneNameAreRefused() {
    assertRefused("rows.csv", "text,label,text\na,x,b\n", "columns 1 and 3 are both called 'text'");
  }

  @Test
  void columnsWithoutANameAreNotInTheWay() throws IOException {
    assertThat(open("rows.csv", ",text,\n0,a,x\n1,b,y\n").examples())
        .extracting(Example::text)
        .containsExactly("a", "b");
  }

  @Test
  void otherSeparatorsThanCommasAreNamed() {
    assertRefused(
        "rows.csv", "text;label\na;x\n", "rows.csv:1: the columns are separated by semicolons");
    assertRefused(
        "rows.csv", "text\tlabel\na\tx\n", "rows.csv:1: the columns are separated by tabs");
    assertRefused("rows.csv", "text|label\na|x\n", "rows.csv:1: the columns are separated by bars");
  }

  @Test
  void bytesThatAreNoUtf8AreRefusedByLine() throws IOException {
    byte[] latin = "text,label\nok,x\ncaf\u00e9,y\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("latin.csv"), latin);
    Path json =
        Files.write(
            folder.resolve("latin.jsonl"),
            "{\"text\": \"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    for (String refused : List.of(file + ": line 3", json + ": line 1")) {
      String name = refused.substring(0, refused.indexOf(':'));
      assertThatThrownBy(() -> open("none.jsonl", "", "data.path=" + name))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(refused + " is not UTF-8");
    }
  }

  @Test
  void whatHoldsNoRowsSaysWhatToDo() {
    assertRefused("rows.json", "[]", "one object a line");
    assertRefused("rows.tsv", "a\tb", "has tabs");
    assertRefused("rows.jsonl.gz", "", "unpack it first");
  }

  @Test
  void aFieldOfAThoughtAnchorThatNobodyReadsMayBeNoNumber() throws IOException {
    Path problem = Files.createDirectories(folder.resolve("anchors/problem_1"));
    Files.writeString(
        problem.resolve("problem.json"),
        "\uFEFF{\"problem\": \"2 + 2?\", \"gt_answer\": \"4\", \"level\": NaN}");
    Files.writeString(
        problem.resolve("chunks_labeled.json"),
        "[{\"chunk\": \"a\", \"importance\": NaN}, {\"chunk\": \"b\", \"accuracy\": -Infinity}]");
    assertThat(anchors().examples().getFirst().texts("steps")).containsExactly("a", "b");
  }

  @Test
  void variablesOfTheChatTemplateAreHandedOn() throws IOException {
    LabelledStudy study =
        open(
            "rows.jsonl",
            CHATS,
            "data.text=",
            "data.messages=chat",
            "data.chat_template_kwargs={enable_thinking: false, tools: [{name: a}]}");
    assertThat(study.examples().getFirst().text())
        .endsWith("|prompt|{enable_thinking=false, tools=[{name=a}]}");
    assertRefused(
        "rows.jsonl", ROWS, "is for 'messages'", "data.chat_template_kwargs.enable_thinking=true");
  }

  private LabelledStudy anchors() throws IOException {
    return open("none.jsonl", "", "data.path=" + folder.resolve("anchors"), "data.text=question");
  }

  private LabelledStudy open(String name, String content, String... overrides) throws IOException {
    Files.writeString(folder.resolve(name), content);
    Path yaml =
        Files.writeString(
            folder.resolve("e.yaml"),
            """
            sonde: 1
            model: {ref: none}
            data:
              path: %s
              text: text
            probes: []
            """
                .formatted(name));
    List<String> settings = new ArrayList<>(List.of(overrides));
    if (settings.remove("data.text=")) {
      Files.writeString(yaml, Files.readString(yaml).replace("  text: text\n", ""));
    }
    Experiment experiment = ExperimentFile.read(yaml, settings);
    return new Studies(new PluginRegistry(List.of()))
        .open(
            DataSource.of(experiment.data().file()),
            experiment.data().config(),
            Studies.Asked.of(experiment))
        .study(StudiesTest::render);
  }

  private static String render(
      List<Message> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
    if (messages.getFirst().role().equals("narrator")) {
      throw new InvalidInputException("no narrators");
    }
    return messages.stream()
            .map(message -> message.role() + ":" + message.content().orElseThrow())
            .collect(Collectors.joining("|"))
        + (addGenerationPrompt ? "|prompt" : "")
        + (variables.isEmpty() ? "" : "|" + variables);
  }

  private void assertRefused(String name, String content, String reason, String... overrides) {
    assertThatThrownBy(() -> open(name, content, overrides))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(reason);
  }
}
