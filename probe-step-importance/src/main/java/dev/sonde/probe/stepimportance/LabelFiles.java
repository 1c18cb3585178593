package dev.sonde.probe.stepimportance;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.search.SearchResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was found as files: labels as JSON lines, influence matrices as safetensors. */
final class LabelFiles {
  private final ProbeContext context;

  LabelFiles(ProbeContext context) {
    this.context = context;
  }

  /** Writes both. */
  void save(List<SearchedChain> found) {
    context.saveText(
        "labels", "jsonl", found.stream().map(LabelFiles::line).collect(Collectors.joining()));
    Map<String, Matrix> matrices = new LinkedHashMap<>();
    for (SearchedChain each : found) {
      for (SearchResult.Core core : each.result().cores()) {
        core.influence()
            .ifPresent(
                matrix ->
                    matrices.put(
                        each.result().chain().id() + "/" + core.variant(),
                        Matrix.of(Matrix.Type.FLOAT64, matrix.cells())));
      }
    }
    if (!matrices.isEmpty()) {
      context.saveTensors(
          "influence",
          matrices,
          Map.of(
              "format", "sonde-influence-of-steps-1",
              "rows", "targets: the steps of the prefix, then the answer where it is the root",
              "columns", "sources"));
    }
  }

  private static String line(SearchedChain each) {
    SearchResult result = each.result();
    List<String> steps = new ArrayList<>();
    for (Step step : result.chain().steps()) {
      steps.add(JsonText.text(step.text()));
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", JsonText.text(result.chain().id()));
    fields.put("prompt", JsonText.text(result.chain().prompt()));
    fields.put("answer", JsonText.text(each.answer()));
    fields.put("steps", JsonText.list(steps));
    fields.put("prefix", JsonText.list(result.prefix().steps()));
    fields.put("tests", String.valueOf(result.tests()));
    Map<String, String> variants = new LinkedHashMap<>();
    result.cores().forEach(core -> variants.put(core.variant().toString(), core(result, core)));
    fields.put("variants", JsonText.object(variants));
    return JsonText.object(fields) + "\n";
  }

  private static String core(SearchResult result, SearchResult.Core core) {
    List<String> labels = new ArrayList<>();
    for (int step = 0; step < result.chain().size(); step++) {
      labels.add(JsonText.text(result.label(core, step).toString()));
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("labels", JsonText.list(labels));
    fields.put("core", JsonText.list(core.core().steps()));
    fields.put("start", JsonText.list(core.start().steps()));
    fields.put("theta", JsonText.number(core.theta()));
    fields.put("sufficiency", JsonText.number(core.tested().sufficiency()));
    fields.put("attainability", JsonText.number(core.tested().attainability()));
    return JsonText.object(fields);
  }
}
