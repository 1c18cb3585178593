package dev.sonde.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.Rows;
import dev.sonde.engine.fitted.Decoders;
import dev.sonde.engine.fitted.ProbeFile;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What NumPy makes of a card and its tensors, in the ten lines of the docs, is what Sonde makes.
 */
class SavedProbeByNumpyTest {
  private static final Path FOLDER = Path.of("src", "test", "resources", "saved-probe");

  @Test
  void scoresProbabilitiesAndFlagsAreThoseOfNumpy() throws IOException {
    Path file = FOLDER.resolve("expected.json");
    Map<String, Object> expected = Json.object(file, Files.readAllBytes(file));
    List<?> rows = (List<?>) expected.get("rows");
    SavedProbe probe = ProbeFile.read(FOLDER.resolve("probe.json"));
    ScoredBy scoredBy =
        new ScoredBy(
            probe,
            new Decoders(new PluginRegistry(List.of()), Map.of()),
            new PlainLinearAlgebra(),
            Optional.empty(),
            false);
    double[] scores = scoredBy.scores(rows(probe, rows));
    for (int row = 0; row < scores.length; row++) {
      assertThat(scores[row])
          .isCloseTo((Double) ((List<?>) expected.get("scores")).get(row), within(1e-12));
      assertThat(probe.curve().orElseThrow().probability(scores[row]))
          .isCloseTo((Double) ((List<?>) expected.get("probabilities")).get(row), within(1e-12));
      assertThat(scores[row] > probe.threshold(0.05).score())
          .isEqualTo(((List<?>) expected.get("flags")).get(row));
    }
  }

  private static Rows rows(SavedProbe probe, List<?> rows) {
    int width = probe.reading().width();
    MemorySegment values = Arena.ofAuto().allocate(4L * width * rows.size(), 4);
    for (int row = 0; row < rows.size(); row++) {
      for (int c = 0; c < width; c++) {
        double value = (Double) ((List<?>) rows.get(row)).get(c);
        values.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * width + c, (float) value);
      }
    }
    int[] order = IntStream.range(0, rows.size()).toArray();
    return Rows.even(probe.reading().read(), width, values, order, new int[rows.size()]);
  }

  @Test
  void theDocsHoldTheLinesThatWereUsed() throws IOException {
    String script = Files.readString(FOLDER.resolve("make.py"));
    String lines =
        script.substring(script.indexOf("    card = json.load"), script.indexOf("def main"));
    String docs = Files.readString(Path.of("..", "docs", "saved-probes.md"));
    for (String line : lines.strip().lines().toList()) {
      assertThat(docs).contains(line.strip());
    }
  }
}
