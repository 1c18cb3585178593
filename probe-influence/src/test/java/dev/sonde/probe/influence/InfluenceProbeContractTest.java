package dev.sonde.probe.influence;

import dev.sonde.api.Resources;
import dev.sonde.api.data.Study;
import dev.sonde.api.linalg.LinearAlgebra;
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

/** The micro-world on facts of its language, with training repeated from the model before it. */
class InfluenceProbeContractTest extends ModelProbeContract {
  private static final List<String> RELATIONS = List.of("vasat", "gobom", "volan", "nageb");
  private static final int FACTS = 3;

  private static final LinearAlgebra ALGEBRA =
      new PyTorchPlugin()
          .linearAlgebra()
          .getFirst()
          .open(Resources.of(Path.of("target")).threads(1));

  @Override
  protected ProbeFactory factory() {
    return new InfluencePlugin().probes().getFirst();
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
    return Map.of("base", Path.of("../models/microworld/base"));
  }

  @Override
  protected LinearAlgebra linearAlgebra() {
    return ALGEBRA;
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.ofEntries(
        Map.entry("linears", List.of("mlp.down_proj")),
        Map.entry("layers", List.of("1", "3")),
        Map.entry("end_token", true),
        Map.entry("strategies", List.of("ekfac", "identity")),
        Map.entry("resamples", 1),
        Map.entry("shard", 7),
        Map.entry("retrain_from", "base"),
        Map.entry("retrain_batch", 4),
        Map.entry("retrain_rounds", 1),
        Map.entry("subsets", 3),
        Map.entry("subset_seeds", 1),
        Map.entry("groups", 1),
        Map.entry("group_size", 2),
        Map.entry("removed", 1),
        Map.entry("removal_seeds", 1));
  }

  @Override
  protected Study study() {
    return queries();
  }

  @Override
  protected Map<String, Study> sets() {
    return Map.of("queries", queries(), "documents", documents());
  }

  private static Study queries() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String relation : RELATIONS) {
      rows.add(
          Map.of(
              "prompt", "Q : what is the %s of 4 0 ? A :".formatted(relation),
              "completion", " so 6 .",
              "kind", "fact"));
    }
    return ListedStudy.of("prompt", rows);
  }

  private static Study documents() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String relation : RELATIONS) {
      for (int fact = 0; fact < FACTS; fact++) {
        rows.add(Map.of("text", "Q : %s of %d 0 ? A : so 6 .".formatted(relation, fact + 3)));
      }
    }
    return ListedStudy.of("text", rows);
  }
}
