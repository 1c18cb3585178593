package dev.sonde.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.VectorFormat.Directions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SvecFormatTest {
  private static final String WHOLE =
      """
      {"model_type": "llama", "directions": {"0": [1, -0.5], "12": [0.25, 1e-3]},\
       "explained_variances": {"0": 0.5, "12": 1}}
      """;

  private final SvecFormat format = new SvecFormat();

  @TempDir Path folder;

  @Test
  void layerNIsTheOutputOfBlockN() throws IOException {
    Directions read = format.read(file(WHOLE));
    assertThat(read.vectors())
        .containsOnlyKeys(
            HookPoint.of(0, HookPoint.RESID_POST), HookPoint.of(12, HookPoint.RESID_POST));
    assertThat(read.vectors().get(HookPoint.of(12, HookPoint.RESID_POST)))
        .containsExactly(0.25f, 1e-3f);
    assertThat(read.metadata())
        .containsEntry("architecture", "llama")
        .containsEntry("explained_variance.0", "0.5")
        .containsEntry("explained_variance.12", "1.0");
  }

  @Test
  void whatItHoldsBecomesAControlVectorWithoutTheFirstBlock() throws IOException {
    Directions read = format.read(file(WHOLE));
    Path gguf = folder.resolve("a.gguf");
    new GgufFormat().write(gguf, withoutFirst(read));
    assertThat(new GgufFormat().read(gguf).metadata())
        .containsEntry("controlvector.model_hint", "llama");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'directions': {'1': [1, 2], '2': [1]}} | layer 2 has 1 numbers, others have 2",
        "{'directions': {'1': []}} | layer 1 has 0 numbers",
        "{'directions': {'1': [1, 'a']}} | layer 1 holds something that is no number",
        "{'directions': {'1': [1e99]}} | layer 1 holds 1.0E99, which is no float32",
        "{'directions': {'1': 3}} | layer 1 is no list of numbers",
        "{'directions': {'-1': [3]}} | 'directions' has the layer '-1', which is no number",
        "{'directions': [3]} | 'directions' is no object of layers",
        "{'model_type': 'llama'} | has no 'directions'",
        "{'directions': {'1': [1, | malformed JSON at line 1",
        "[] | is not a JSON object"
      })
  void aMalformedFileIsRefusedByNameAndPlace(String json, String problem) throws IOException {
    Path file = file(json.replace('\'', '"'));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> format.read(file))
        .withMessageStartingWith(file + ": " + problem);
  }

  @Test
  void itIsNotWritten() throws IOException {
    Directions read = format.read(file(WHOLE));
    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> format.write(folder.resolve("b.svec"), read))
        .withMessageContaining("read only");
  }

  private static Directions withoutFirst(Directions directions) {
    Map<HookPoint, float[]> vectors = new LinkedHashMap<>(directions.vectors());
    vectors.remove(HookPoint.of(0, HookPoint.RESID_POST));
    return Directions.of(vectors, directions.metadata());
  }

  private Path file(String json) throws IOException {
    return Files.writeString(folder.resolve("a.svec"), json);
  }
}
