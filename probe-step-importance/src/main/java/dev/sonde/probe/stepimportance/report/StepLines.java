package dev.sonde.probe.stepimportance.report;

import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.cohort.SearchedChain;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchResult.Core;
import dev.sonde.trials.ArtifactJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A JSON line per step: where it stands, and what every variant says of it. */
final class StepLines {
  private StepLines() {}

  /** The lines of a chain. */
  static String of(SearchedChain searched) {
    SearchResult result = searched.result();
    StringBuilder lines = new StringBuilder();
    int from = 0;
    for (int step = 0; step < result.chain().size(); step++) {
      Step own = result.chain().steps().get(step);
      int to = from + own.text().length();
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("id", ArtifactJson.text(result.chain().id()));
      fields.put("step", String.valueOf(step));
      fields.put("text", ArtifactJson.text(own.text()));
      fields.put("characters", ArtifactJson.list(from, to));
      fields.put("tokens", ArtifactJson.list(own.fromToken(), own.toToken()));
      int index = step;
      searched.planted().ifPresent(p -> fields.put("needed", String.valueOf(p.has(index))));
      fields.put("variants", ArtifactJson.object(variants(result, step)));
      lines.append(ArtifactJson.object(fields)).append('\n');
      from = to;
    }
    return lines.toString();
  }

  private static Map<String, String> variants(SearchResult result, int step) {
    int[] prefix = result.prefix().steps();
    int place =
        IntStream.range(0, prefix.length).filter(i -> prefix[i] == step).findFirst().orElse(-1);
    Map<String, String> variants = new LinkedHashMap<>();
    for (Core core : result.cores()) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("label", ArtifactJson.text(result.label(core, step).toString()));
      List<String> kept =
          core.found().stream().map(found -> String.valueOf(found.has(step))).toList();
      fields.put("kept", ArtifactJson.list(kept));
      if (place >= 0) {
        core.scores()
            .of(place)
            .forEach((name, value) -> fields.put(name, ArtifactJson.number(value)));
      }
      variants.put(core.variant().toString(), ArtifactJson.object(fields));
    }
    return variants;
  }
}
