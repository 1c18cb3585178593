package dev.sonde.probe.position;

import dev.sonde.api.data.Study;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.backend.pytorch.PyTorchPlugin;
import dev.sonde.testkit.ListedStudy;
import dev.sonde.testkit.ModelProbeContract;
import dev.sonde.tokenizer.huggingface.HuggingFaceTokenizerPlugin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The micro-world, on texts of which one fills the largest multiple of the window. */
class PositionProbeContractTest extends ModelProbeContract {
  private static final String TEXT =
      "Q : d 3 . c 12 . m 3 . b 8 . practise . A : b 8 . m 3 . m 3 . b 8 . d 3 . c 12 . m 3 . b 8 .";

  @Override
  protected ProbeFactory factory() {
    return new PositionProbeFactory();
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
    return Map.of("window", 16, "texts", 4, "perturbed_texts", 2, "trained_length", 16);
  }

  @Override
  protected Study study() {
    return ListedStudy.of(
        "text",
        List.of(
            Map.of("text", TEXT + " Q : kulot of 6 2 ? A : so 10 . " + TEXT),
            Map.of("text", "Q : what is the gagop of 0 1 ? A : first 7 + 2 = 9 . so 3 . " + TEXT),
            Map.of("text", "Q : for the pair 9 7 , say which number is its libul here . " + TEXT),
            Map.of("text", "Q : vasat of 12 2 ? A : so 9 . Q : vasat of 0 0 ? A : so 3 . " + TEXT),
            Map.of("text", TEXT + TEXT + TEXT)));
  }
}
