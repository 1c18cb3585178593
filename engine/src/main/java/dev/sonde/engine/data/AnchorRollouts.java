package dev.sonde.engine.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The chains that were written anew from before each chunk of a problem ({@code
 * chunk_N/solutions.json}) and, in a folder beside that of the problems whose name ends in {@code
 * _forced_answer}, the answers that were forced there. They become columns with a text per rollout:
 * {@code rollouts.N.answer} (empty where there is none), {@code rollouts.N.correct}, {@code
 * rollouts.N.resampled} (the chunk that was written instead), and {@code forced.N.answer}, {@code
 * forced.N.correct}.
 */
final class AnchorRollouts {
  private static final String FORCED = "_forced_answer";

  private AnchorRollouts() {}

  static Map<String, Object> of(Path problem, int chunks, Function<Path, JsonNode> json) {
    Map<String, Object> columns = new LinkedHashMap<>();
    Path folder = problem.toAbsolutePath().getParent();
    Path forced =
        folder == null
            ? problem.resolve("none")
            : folder.resolveSibling(folder.getFileName() + FORCED).resolve(problem.getFileName());
    for (int chunk = 0; chunk < chunks; chunk++) {
      put(columns, "rollouts." + chunk, problem.resolve("chunk_" + chunk), json, true);
      put(columns, "forced." + chunk, forced.resolve("chunk_" + chunk), json, false);
    }
    return columns;
  }

  private static void put(
      Map<String, Object> columns,
      String name,
      Path folder,
      Function<Path, JsonNode> json,
      boolean resampled) {
    Path file = folder.resolve("solutions.json");
    if (!Files.isRegularFile(file)) {
      return;
    }
    List<String> answers = new ArrayList<>();
    List<String> correct = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (JsonNode solution : json.apply(file)) {
      answers.add(text(solution, "answer"));
      correct.add(text(solution, "is_correct"));
      texts.add(text(solution, "chunk_resampled"));
    }
    if (!answers.isEmpty()) {
      columns.put(name + ".answer", answers);
      columns.put(name + ".correct", correct);
      if (resampled) {
        columns.put(name + ".resampled", texts);
      }
    }
  }

  /** A field as text; empty where there is none, or the authors' word for none. */
  private static String text(JsonNode solution, String key) {
    JsonNode value = solution.get(key);
    String text = value == null || value.isNull() ? "" : value.asString("").strip();
    return text.equals("None") ? "" : text;
  }
}
