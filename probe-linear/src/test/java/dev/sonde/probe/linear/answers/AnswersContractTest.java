package dev.sonde.probe.linear.answers;

import dev.sonde.api.data.Study;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.backend.pytorch.PyTorchPlugin;
import dev.sonde.testkit.ListedStudy;
import dev.sonde.testkit.ModelProbeContract;
import dev.sonde.tokenizer.huggingface.HuggingFaceTokenizerPlugin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The micro-world, asked for values that it recalls. */
class AnswersContractTest extends ModelProbeContract {
  /** More than a shard. */
  private static final int ROWS = AnswerShards.ROWS + 10;

  @Override
  protected ProbeFactory factory() {
    return new AnswersProbeFactory();
  }

  @Override
  protected ModelBackendFactory backend() {
    return new PyTorchPlugin().backends().getFirst();
  }

  @Override
  protected TokenizerFactory tokenizer() {
    return new HuggingFaceTokenizerPlugin().tokenizers().getFirst();
  }

  @Override
  protected Path model() {
    return Path.of("../models/microworld");
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of(
        "answer",
        "answer",
        "elicitation",
        " so",
        "samples",
        2,
        "temperature",
        1.0,
        "tokens",
        3,
        "stops",
        List.of("."));
  }

  @Override
  protected Study study() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      rows.add(
          Map.of(
              "text", "Q : what is the vafip of %d %d ? A :".formatted(row / 13, row % 13),
              "answer", String.valueOf(row % 13)));
    }
    return ListedStudy.of("text", rows);
  }
}
