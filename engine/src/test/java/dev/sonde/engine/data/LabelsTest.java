package dev.sonde.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {
  private static final String ROWS =
      """
      {"id": "r1", "text": "a", "kind": "math", "flag": 0, "grade": 0.1, "lang": "en"}
      {"id": "r2", "text": "b", "kind": "law", "flag": 1, "grade": 0.9, "lang": "en"}
      {"id": "r3", "text": "c", "kind": "art", "flag": 0, "grade": 0.3, "lang": "de"}
      {"id": "r4", "text": "d", "kind": "math", "flag": 1, "grade": 0.6, "lang": "de"}
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeRows() throws IOException {
    Files.writeString(folder.resolve("rows.jsonl"), ROWS);
  }

  @Test
  void twoNumbersAreTwoClassesOfWhichTheLargerIsPositive() throws IOException {
    LabelledStudy study = main("label: flag");
    Targets targets = study.targets().orElseThrow();
    assertThat(targets.isBinary()).isTrue();
    assertThat(targets.positiveName()).isEqualTo("1");
    assertThat(targets.negativeName()).isEqualTo("0");
    assertThat(targets.positive(1)).isTrue();
    assertThat(study.remarks())
        .singleElement()
        .asString()
        .contains("two numbers", "'1' is the positive one", "data.positive says otherwise");
  }

  @Test
  void moreNumbersAreGradesWhichIsSaid() throws IOException {
    LabelledStudy study = main("label: grade");
    assertThat(study.targets().orElseThrow().isBinary()).isFalse();
    assertThat(study.remarks()).singleElement().asString().contains("graded", "data.positive");
  }

  @Test
  void gradesArePartedAtTheCut() throws IOException {
    Targets targets = main("label: grade, cut: 0.2").targets().orElseThrow();
    assertThat(targets.isBinary()).isFalse();
    assertThat(targets.classes().positives()).isEqualTo(3);
    assertThat(main("label: grade").targets().orElseThrow().classes().positives()).isEqualTo(2);
    assertRefused("label: grade, cut: 1", "lie on one side of 1.0");
    assertRefused("label: kind, cut: 1", "data.cut: column 'kind' holds no numbers");
    assertRefused("label: kind, positive: math, cut: 1", "leave out positive");
  }

  @Test
  void oneClassStandsAgainstTheRest() throws IOException {
    LabelledStudy study = main("label: kind, positive: math, negative: rest");
    Targets targets = study.targets().orElseThrow();
    assertThat(study.size()).isEqualTo(4);
    assertThat(targets.positives()).isEqualTo(2);
    assertThat(targets.negativeName()).isEqualTo("rest");
    assertThat(study.classes()).containsExactly("math", "law", "art", "math");
  }

  @Test
  void rowsOfNeitherClassAreLeftOutAndCounted() throws IOException {
    LabelledStudy study = main("label: kind, positive: math, negative: law");
    assertThat(study.examples()).extracting(Example::id).containsExactly("r1", "r2", "r4");
    assertThat(study.targets().orElseThrow().negativeName()).isEqualTo("law");
    assertThat(study.remarks()).singleElement().asString().contains("1 rows of data are left out");
  }

  @Test
  void classesMayBeLists() throws IOException {
    Targets targets =
        main("label: kind, positive: [math, law], negative: [art]").targets().orElseThrow();
    assertThat(targets.positiveName()).isEqualTo("math or law");
    assertThat(targets.positives()).isEqualTo(3);
  }

  @Test
  void classesThatAreNotNamedAreAskedFor() {
    assertRefused(
        "label: kind",
        "data.positive, one of [art, law, math], and data.negative, one of them, a list, or rest");
    assertRefused(
        "label: kind, positive: math",
        "has 3 values, two are needed: [art, law, math]; say with data.negative");
    assertRefused("label: kind, negative: math", "data.positive, one of");
    assertRefused("label: kind, positive: math, negative: [math, law]", "is positive as well");
    assertRefused("label: kind, positive: maths, negative: rest", "no row has the label 'maths'");
    assertRefused("label: kind, positive: [math, law, art], negative: rest", "every label is");
    assertRefused("class: math", "is for further sets");
  }

  @Test
  void whereTakesSomeRowsOnly() throws IOException {
    assertThat(ids("where: {lang: en}")).containsExactly("r1", "r2");
    assertThat(ids("where: {kind: [math, art], lang: de}")).containsExactly("r3", "r4");
    assertThat(ids("where: {grade: '>= 0.3', kind: '!= law'}")).containsExactly("r3", "r4");
  }

  @Test
  void aConditionThatCannotBeMetIsRefused() {
    assertRefused("where: {lang: fr}", "no row of");
    assertRefused("where: {land: en}", "there is no column 'land'; did you mean lang?");
    assertRefused(
        "where: {grade: '> much'}", "'grade' is compared with 'much', which is no number");
    assertRefused("where: {lang: {is: en}}", "needs a value, a list of values, or a comparison");
    assertRefused("where: [lang]", "is not a mapping");
  }

  @Test
  void aFurtherSetMayHoldOneClass() throws IOException {
    String data = "label: kind, positive: math, negative: rest";
    Targets positive = set(data, "class: math").targets().orElseThrow();
    assertThat(positive.positives()).isEqualTo(4);
    assertThat(positive.vary()).isFalse();
    assertThat(set(data, "class: math").remarks())
        .singleElement()
        .asString()
        .contains("All 4 rows of a further set are of the class 'math'");
    assertThat(set(data, "class: essays").targets().orElseThrow().positives()).isZero();
    assertThat(set(data, "label: kind, where: {kind: law}").targets().orElseThrow().positives())
        .isZero();
    assertThat(
            set(data, "label: lang, positive: en, where: {lang: en}")
                .targets()
                .orElseThrow()
                .positives())
        .isEqualTo(2);
  }

  @Test
  void aSetWithoutARowOfTheClassesThatItNamesIsRefused() {
    assertThatThrownBy(
            () ->
                set(
                    "label: kind, positive: math, negative: rest",
                    "label: kind, positive: math, negative: law, where: {kind: art}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no row has one of the labels that are named");
  }

  @Test
  void aSetOfOneClassThatNobodyNamedIsRefused() {
    assertThatThrownBy(() -> set("label: flag", "class: essays"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("say with positive or negative which class that is");
    assertThatThrownBy(() -> set("label: flag", "class: essays, label: kind"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("stands in place of label");
  }

  @Test
  void aProbeAsksAboutALabelOfItsOwn() throws IOException {
    Experiment experiment =
        experiment(
            "label: kind, positive: math, negative: law",
            "path: rows.jsonl, text: text",
            "{use: linear, name: other, data: {label: flag, positive: 1}}");
    Dataset data = dataset(experiment);
    assertThat(data.rows("linear")).hasValueSatisfying(rows -> assertThat(rows).hasSize(3));
    assertThat(data.rows("other")).isEmpty();
    LabelledStudy fed = data.fed(LabelsTest::none);
    assertThat(data.asked(fed, "linear").size()).isEqualTo(3);
    LabelledStudy other = data.asked(fed, "other");
    assertThat(other.size()).isEqualTo(4);
    assertThat(other.targets().orElseThrow().positiveName()).isEqualTo("1");
    assertThat(other.examples()).extracting(Example::id).containsExactly("r1", "r2", "r3", "r4");
  }

  @Test
  void aSetWithoutTheColumnOfAProbesLabelHasNoneForIt() throws IOException {
    Files.writeString(folder.resolve("plain.jsonl"), "{\"text\": \"a\"}\n");
    Experiment experiment =
        experiment(
            "label: flag",
            "path: plain.jsonl, text: text",
            "{use: linear, name: other, data: {label: kind, positive: math, negative: law}}");
    Dataset further = further(experiment);
    assertThat(further.asked(further.fed(LabelsTest::none), "other").targets()).isEmpty();
  }

  private List<String> ids(String labels) throws IOException {
    return main(labels).examples().stream().map(Example::id).toList();
  }

  private LabelledStudy main(String labels) throws IOException {
    return dataset(experiment(labels, "path: rows.jsonl, text: text", "{use: linear}"))
        .study(LabelsTest::none);
  }

  private LabelledStudy set(String labels, String ofSet) throws IOException {
    return further(experiment(labels, "path: rows.jsonl, text: text, " + ofSet, "{use: linear}"))
        .study(LabelsTest::none);
  }

  private static Dataset dataset(Experiment experiment) {
    return new Studies(new PluginRegistry(List.of()))
        .open(
            DataSource.of(experiment.data().file()),
            experiment.data().config(),
            Studies.Asked.of(experiment));
  }

  private static Dataset further(Experiment experiment) {
    Experiment.DataPart part = experiment.sets().get("further");
    return new Studies(new PluginRegistry(List.of()))
        .open(
            "further",
            DataSource.of(part.file()),
            part.config(),
            experiment.data().config(),
            Studies.Asked.of(experiment));
  }

  private static String none(Object messages, boolean prompt, Object variables) {
    throw new AssertionError("rows hold texts");
  }

  private Experiment experiment(String labels, String set, String probe) throws IOException {
    Path yaml =
        Files.writeString(
            folder.resolve("e.yaml"),
            """
            sonde: 1
            model: {ref: none}
            data: {path: rows.jsonl, text: text, %s}
            sets: {further: {%s}}
            probes: [%s]
            """
                .formatted(labels, set, probe));
    return ExperimentFile.read(yaml, List.of());
  }

  private void assertRefused(String labels, String reason) {
    assertThatThrownBy(() -> main(labels))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(reason);
  }
}
