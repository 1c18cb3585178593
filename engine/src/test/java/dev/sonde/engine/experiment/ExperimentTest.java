package dev.sonde.engine.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {
  private static final String GOOD =
      """
      sonde: 1
      name: try
      model:
        ref: models/tiny
      data:
        path: rows.jsonl
        text: text
      probes:
        - name: direction
          use: linear
          with: { tokens: last }
        - use: other
      """;

  @TempDir Path folder;

  @Test
  void aFileIsReadWithItsDefaults() throws IOException {
    Experiment experiment = read(GOOD);
    assertThat(experiment.name()).isEqualTo("try");
    assertThat(experiment.seed()).isEqualTo(17);
    assertThat(experiment.model().backend()).isEqualTo("pytorch");
    assertThat(experiment.data().file()).isEqualTo(folder.resolve("rows.jsonl"));
    assertThat(experiment.probes())
        .extracting(Experiment.ProbePart::name)
        .containsExactly("direction", "other");
    assertThat(experiment.evaluation().permutations()).isEqualTo(999);
  }

  @Test
  void aListThatStandsInTwoPlacesIsWrittenTwice() {
    List<String> same = List.of();
    String written = Yaml.write(Map.of("keep", same, "layers", same));
    assertThat(Yaml.parse(written, "resolved")).isPresent();
    assertThat(written).doesNotContain("&");
  }

  @Test
  void furtherModelsHaveTheDefaultsOfAModelAndStayInTheResolvedExperiment() throws IOException {
    Experiment experiment =
        read(GOOD.replace("data:\n", "models:\n  base: { ref: models/base }\ndata:\n"));
    assertThat(experiment.models()).containsOnlyKeys("base");
    assertThat(experiment.models().get("base"))
        .returns("models/base", Experiment.ModelPart::ref)
        .returns("pytorch", Experiment.ModelPart::backend);
    assertThat(
            ResolvedExperiment.text(
                experiment, experiment.model(), experiment.models(), Map.of(), Map.of()))
        .contains("base: {ref: models/base, backend: pytorch");
    assertRefused(
        GOOD.replace("data:\n", "models:\n  base: { rev: x }\ndata:\n"), "models.base.rev");
    assertRefused(GOOD.replace("data:\n", "models: [a]\ndata:\n"), "models");
  }

  @Test
  void anUnknownKeyIsRefusedWithLineAndNearestName() {
    assertRefused(GOOD.replace("text: text", "txt: text"), "e.yaml:7: data.txt: unknown key");
    assertRefused(GOOD.replace("text: text", "txt: text"), "did you mean text?");
  }

  @Test
  void aMissingKeyIsRefusedWithWhatItIsFor() {
    assertRefused(
        GOOD.replace("    ref: models/tiny\n", "")
            .replace("  ref: models/tiny\n", "  dtype: float32\n"),
        "the key 'ref' is missing");
  }

  @Test
  void aValueOfTheWrongTypeIsRefusedWithItsPath() {
    assertRefused(
        GOOD.replace("name: try", "name: try\nseed: soon"), "seed: is not a whole number");
    assertRefused(GOOD.replace("sonde: 1", "sonde: 2"), "reads format version 1");
    assertRefused(GOOD.replace("ref: models/tiny", "ref: [a]"), "model.ref: is not a single text");
    assertRefused(
        GOOD.replace("ref: models/tiny", "ref: a\n  dtype: float8"), "'float8' is not one of");
  }

  @Test
  void whatIsFedIsSaidInOneWay() throws IOException {
    String text = "text: text";
    assertThat(read(GOOD.replace(text, "messages: chat")).data().config().flag("generation_prompt"))
        .isTrue();
    assertRefused(GOOD.replace(text, "messages: chat\n  text: text"), "give one of 'text'");
    assertRefused(GOOD.replace(text, "messages: chat\n  template: '{a}'"), "give one of 'text'");
    assertRefused(GOOD.replace(text, "label: label"), "give one of 'text'");
    assertRefused(
        GOOD.replace(text, "messages: chat\n  generation_prompt: yes please"),
        "data.generation_prompt: is not true or false");
  }

  @Test
  void aliasesAndEndlessNestingAreRefusedBeforeTheyAreFollowed() {
    String bomb = "  a: &a [x, x]\n  b: &b [*a, *a]\n  c: &c [*b, *b]\n";
    assertRefused(
        GOOD + bomb.replace("  a", "a").replace("\n  ", "\n"), "aliases are not supported");
    assertRefused("sonde: &a [*a]\n", "e.yaml:1: aliases are not supported");
    assertRefused("sonde: " + "[".repeat(20_000), "e.yaml:1: is nested more than 100 deep");
    assertRefused("sonde: " + "{a: ".repeat(20_000), "e.yaml:1: is nested more than 100 deep");
    assertRefused("- ".repeat(20_000), "e.yaml:1: is nested more than 100 deep");
  }

  @Test
  void malformedYamlIsRefusedWithItsLine() {
    assertRefused(GOOD.replace("ref: models/tiny", "ref: [models/tiny"), "malformed YAML");
    assertRefused("", "is empty or not a mapping");
    assertRefused(GOOD + "name: again\n", "this key stands twice");
  }

  @Test
  void aMissingFileIsSaidToBeMissing() {
    assertThatThrownBy(() -> ExperimentFile.read(folder.resolve("absent.yaml"), List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("there is no such file");
  }

  @Test
  void twoProbesOfOneNameAreRefused() {
    assertRefused(GOOD.replace("use: other", "use: linear\n    name: direction"), "two probes");
  }

  @Test
  void overridesReachMappingsAndListItemsByIndexOrName() throws IOException {
    Settings settings =
        Settings.none().string("tokens", "last", "which").integer("count", 1, "how many");
    Experiment experiment =
        read(
            GOOD,
            "probes.direction.with.tokens=first",
            "probes.1.with.count=3",
            "model.backend=reference",
            "evaluation.folds=3");
    assertThat(experiment.probes().get(0).with().checked(settings).string("tokens"))
        .isEqualTo("first");
    assertThat(experiment.probes().get(1).with().checked(settings).integer("count")).isEqualTo(3);
    assertThat(experiment.model().backend()).isEqualTo("reference");
    assertThat(experiment.evaluation().folds()).isEqualTo(3);
  }

  @Test
  void anOverrideOfNothingIsRefused() {
    assertThatThrownBy(() -> read(GOOD, "probes.nobody.with.tokens=first"))
        .hasMessageContaining("there is no item 'nobody'")
        .hasMessageContaining("direction");
    assertThatThrownBy(() -> read(GOOD, "name")).hasMessageContaining("write --set");
  }

  @Test
  void pathsOnTheCommandLineAreRelativeToTheCaller() throws IOException {
    Experiment experiment = read(GOOD, "data.path=here.jsonl");
    assertThat(experiment.data().file())
        .isEqualTo(Path.of("").toAbsolutePath().resolve("here.jsonl"));
  }

  @Test
  void typedGettersNameTheSettingThatIsWrong() throws IOException {
    Settings settings =
        Settings.none()
            .reals("alphas", List.of(0.1), "sizes")
            .optional("note", Setting.Type.STRING, "free");
    Experiment experiment = read(GOOD.replace("tokens: last", "alphas: [1, 2.5]"));
    ConfigView config = experiment.probes().getFirst().with().checked(settings);
    assertThat(config.reals("alphas")).containsExactly(1.0, 2.5);
    assertThat(config.has("note")).isFalse();
    assertThatThrownBy(() -> config.string("note")).hasMessageContaining("'note' is missing");
    assertThatThrownBy(
            () ->
                read(GOOD.replace("tokens: last", "alphas: [1, soon]"))
                    .probes()
                    .getFirst()
                    .with()
                    .checked(settings))
        .hasMessageContaining("probes.0.with.alphas.1: is not a number");
  }

  private Experiment read(String yaml, String... overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("e.yaml"), yaml);
    return ExperimentFile.read(file, List.of(overrides));
  }

  private void assertRefused(String yaml, String reason) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("e.yaml")
        .hasMessageContaining(reason);
  }
}
