package dev.sonde.probe.stepimportance.report;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.stepimportance.answer.TestedSubsequence;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.cohort.SearchedChain;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.Shortcut;
import dev.sonde.trials.ArtifactJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was found as files: chains, steps and rows as JSON lines, influence as safetensors. */
public final class LabelFiles {
  private final ProbeContext context;

  /** Files among a run's artifacts. */
  public LabelFiles(ProbeContext context) {
    this.context = context;
  }

  /**
   * Writes them.
   *
   * @param leftOut rows that were not searched
   */
  public void save(List<SearchedChain> found, LeftOutRows leftOut) {
    context.saveText(
        "labels", "jsonl", found.stream().map(LabelFiles::line).collect(Collectors.joining()));
    context.saveText(
        "steps", "jsonl", found.stream().map(StepLines::of).collect(Collectors.joining()));
    context.saveText(
        "tests", "jsonl", found.stream().map(LabelFiles::tests).collect(Collectors.joining()));
    context.saveText("left-out", "jsonl", leftOut.lines());
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
      steps.add(ArtifactJson.text(step.text()));
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", ArtifactJson.text(result.chain().id()));
    fields.put("prompt", ArtifactJson.text(result.chain().prompt()));
    fields.put("answer", ArtifactJson.text(each.answer()));
    fields.put("steps", ArtifactJson.list(steps));
    fields.put(
        "shortcuts",
        ArtifactJson.list(result.shortcuts().stream().map(LabelFiles::shortcut).toList()));
    fields.put("prefix", ArtifactJson.list(result.prefix().steps()));
    fields.put("tests", String.valueOf(result.tests()));
    fields.put("inverted", String.valueOf(result.inverted()));
    Map<String, String> variants = new LinkedHashMap<>();
    result.cores().forEach(core -> variants.put(core.variant().toString(), core(result, core)));
    fields.put("variants", ArtifactJson.object(variants));
    return ArtifactJson.object(fields) + "\n";
  }

  /** A subsequence a line. */
  private static String tests(SearchedChain each) {
    return each.result().tested().stream()
        .map(
            tested -> {
              Map<String, String> fields = new LinkedHashMap<>();
              fields.put("id", ArtifactJson.text(each.result().chain().id()));
              fields.put("kept", ArtifactJson.list(tested.mask().steps()));
              if (tested.right() != TestedSubsequence.NOT_SAMPLED) {
                fields.put("right", String.valueOf(tested.right()));
              }
              if (!Double.isNaN(tested.perplexity())) {
                fields.put("perplexity", ArtifactJson.number(tested.perplexity()));
              }
              return ArtifactJson.object(fields) + "\n";
            })
        .collect(Collectors.joining());
  }

  private static String shortcut(Shortcut each) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("step", String.valueOf(each.step()));
    fields.put("why", ArtifactJson.text(each.why().toString()));
    return ArtifactJson.object(fields);
  }

  private static String core(SearchResult result, SearchResult.Core core) {
    List<String> labels = new ArrayList<>();
    for (int step = 0; step < result.chain().size(); step++) {
      labels.add(ArtifactJson.text(result.label(core, step).toString()));
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("labels", ArtifactJson.list(labels));
    fields.put("core", ArtifactJson.list(core.core().steps()));
    fields.put(
        "cores",
        ArtifactJson.list(core.found().stream().map(f -> ArtifactJson.list(f.steps())).toList()));
    fields.put("start", ArtifactJson.list(core.start().steps()));
    fields.put("theta", ArtifactJson.number(core.theta()));
    fields.put("sufficiency", ArtifactJson.number(core.tested().sufficiency()));
    fields.put("attainability", ArtifactJson.number(core.tested().attainability()));
    return ArtifactJson.object(fields);
  }
}
