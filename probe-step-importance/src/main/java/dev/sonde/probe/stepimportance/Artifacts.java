package dev.sonde.probe.stepimportance;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.search.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was found as files: labels as JSON lines, influence matrices as safetensors. */
final class Artifacts {
  private final ProbeContext context;

  Artifacts(ProbeContext context) {
    this.context = context;
  }

  /** Writes both. */
  void save(List<Found> found) {
    context.saveText(
        "labels", "jsonl", found.stream().map(Artifacts::line).collect(Collectors.joining()));
    Map<String, Matrix> matrices = new LinkedHashMap<>();
    for (Found each : found) {
      for (Finding.Core core : each.finding().cores()) {
        core.influence()
            .ifPresent(
                matrix ->
                    matrices.put(
                        each.finding().chain().id() + "/" + core.variant(),
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

  private static String line(Found each) {
    Finding finding = each.finding();
    List<String> steps = new ArrayList<>();
    for (Step step : finding.chain().steps()) {
      steps.add(Json.text(step.text()));
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", Json.text(finding.chain().id()));
    fields.put("prompt", Json.text(finding.chain().prompt()));
    fields.put("answer", Json.text(each.answer()));
    fields.put("steps", Json.list(steps));
    fields.put("prefix", Json.list(finding.prefix().steps()));
    fields.put("tests", String.valueOf(finding.tests()));
    Map<String, String> variants = new LinkedHashMap<>();
    finding.cores().forEach(core -> variants.put(core.variant().toString(), core(finding, core)));
    fields.put("variants", Json.object(variants));
    return Json.object(fields) + "\n";
  }

  private static String core(Finding finding, Finding.Core core) {
    List<String> labels = new ArrayList<>();
    for (int step = 0; step < finding.chain().size(); step++) {
      labels.add(Json.text(finding.label(core, step).toString()));
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("labels", Json.list(labels));
    fields.put("core", Json.list(core.core().steps()));
    fields.put("start", Json.list(core.start().steps()));
    fields.put("theta", Json.number(core.theta()));
    fields.put("sufficiency", Json.number(core.verdict().sufficiency()));
    fields.put("attainability", Json.number(core.verdict().attainability()));
    return Json.object(fields);
  }
}
