package dev.sonde.probe.stepimportance;

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

/** The micro-world, on chains of its language; the last row leaves the chain to the model. */
class StepImportanceContractTest extends ModelProbeContract {
  private static final int CHAINS = 12;

  @Override
  protected ProbeFactory factory() {
    return new StepImportanceFactory();
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
  protected Map<String, Path> models() {
    return Map.of("before", Path.of("../models/microworld/base"));
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.ofEntries(
        Map.entry("parser", "numeric"),
        Map.entry("elicitation", " so"),
        Map.entry("answer_form", " {answer} ."),
        Map.entry("stops", List.of(".")),
        Map.entry("answer_tokens", 12),
        Map.entry("chain_tokens", 40),
        Map.entry("chain_stops", List.of("so")),
        Map.entry("segmentation", "regex:\\.\\s*"),
        Map.entry("samples", 3),
        Map.entry("rollouts", 2),
        Map.entry(
            "variants",
            List.of("activation", "integrated_gradients", "suppression", "resampling", "random")),
        Map.entry("prefix", "lasting"),
        Map.entry("root", "written"),
        Map.entry("queue", "root_influence"),
        Map.entry("labels_of", "random"),
        Map.entry("probe", "linear"),
        Map.entry("epochs", 2),
        Map.entry("probe_folds", 2),
        Map.entry("cohort", 5));
  }

  /** Chains that make two asked values out of three given ones, with steps that are not needed. */
  @Override
  protected Study study() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < CHAINS; row++) {
      int b = row % 13;
      int f = (row * 5 + 2) % 13;
      int c = (b + 4) % 13;
      int d = f * 5 % 13;
      int e = (c + 12) % 13;
      int g = (d + 8) % 13;
      String question =
          "Q : b %d . f %d . C +4 b . D *5 f . E -1 c . G +8 d . what is e + g ? A :"
              .formatted(b, f);
      List<String> steps =
          List.of(
              "C +4 b %d : c %d .".formatted(b, c),
              "D *5 f %d : d %d .".formatted(f, d),
              "E -1 c %d : e %d .".formatted(c, e),
              "G +8 d %d : g %d .".formatted(d, g));
      String answer = String.valueOf((e + g) % 13);
      rows.add(
          row == CHAINS - 1
              ? Map.of("question", question, "answer", answer)
              : Map.of("question", question, "answer", answer, "steps", steps));
    }
    return ListedStudy.of("question", rows);
  }
}
