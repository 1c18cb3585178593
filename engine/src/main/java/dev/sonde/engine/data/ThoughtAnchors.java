package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder of problem folders as thought anchors (Bogdan et al. 2025) are kept: {@code
 * chunks_labeled.json} lists the chunks of a chain, {@code problem.json} has the problem and its
 * answer. A problem is a row: {@code id} is its folder's name, {@code question} and {@code answer}
 * are the problem's, {@code steps} the texts of the chunks in order, spaced as in {@code
 * base_solution.json} where there is one. Per step there are {@code function_tags} and {@code
 * depends_on}, each joined by commas, and the importances that the file gives, by its names; empty
 * texts where it gives none. {@link AnchorRollouts} adds what was written anew.
 */
final class ThoughtAnchors implements DatasetFactory {
  private static final String CHUNKS = "chunks_labeled.json";
  private static final String PROBLEM = "problem.json";
  private static final String SOLUTION = "base_solution.json";
  private static final List<String> LISTS = List.of("function_tags", "depends_on");
  private static final List<String> IMPORTANCES =
      List.of(
          "accuracy",
          "resampling_importance_accuracy",
          "resampling_importance_kl",
          "counterfactual_importance_accuracy",
          "counterfactual_importance_kl",
          "forced_importance_accuracy",
          "forced_importance_kl",
          "different_trajectories_fraction",
          "overdeterminedness");
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  @Override
  public String name() {
    return "thought-anchors";
  }

  @Override
  public String summary() {
    return "a folder of problem folders with " + CHUNKS + " and " + PROBLEM;
  }

  @Override
  public boolean reads(Path file) {
    return Files.isDirectory(file) && !problems(file).isEmpty();
  }

  /** The problem folders by name. */
  private static List<Path> problems(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(each -> Files.isRegularFile(each.resolve(CHUNKS))).sorted().toList();
    } catch (IOException e) {
      throw new InvalidInputException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void read(Path folder, Consumer<Row> rows) {
    int line = 0;
    for (Path problem : problems(folder)) {
      Map<String, Object> columns = new LinkedHashMap<>();
      columns.put("id", String.valueOf(problem.getFileName()));
      JsonNode about = json(problem.resolve(PROBLEM));
      columns.put("question", text(problem.resolve(PROBLEM), about, "problem"));
      columns.put("answer", text(problem.resolve(PROBLEM), about, "gt_answer"));
      List<JsonNode> chunks = new ArrayList<>();
      json(problem.resolve(CHUNKS)).forEach(chunks::add);
      List<String> texts =
          chunks.stream().map(chunk -> text(problem.resolve(CHUNKS), chunk, "chunk")).toList();
      columns.put("steps", spaced(problem.resolve(SOLUTION), texts));
      for (String name : LISTS) {
        put(columns, name, chunks, chunk -> joined(chunk.get(name)));
      }
      for (String name : IMPORTANCES) {
        put(columns, name, chunks, chunk -> number(chunk.get(name)));
      }
      columns.putAll(AnchorRollouts.of(problem, texts.size(), ThoughtAnchors::json));
      rows.accept(new Row(++line, columns));
    }
  }

  /** Adds a column with a text per step, where any step has one. */
  private static void put(
      Map<String, Object> columns,
      String name,
      List<JsonNode> chunks,
      Function<JsonNode, String> text) {
    List<String> texts = chunks.stream().map(text).toList();
    if (texts.stream().anyMatch(each -> !each.isEmpty())) {
      columns.put(name, texts);
    }
  }

  private static String joined(@Nullable JsonNode list) {
    List<String> texts = new ArrayList<>();
    if (list != null && list.isArray()) {
      list.forEach(each -> texts.add(each.asString("")));
    }
    return String.join(", ", texts);
  }

  private static String number(@Nullable JsonNode value) {
    return value != null && isFinite(value) ? value.asString() : "";
  }

  /**
   * The chunks with the white space that stood between them; as they are where they are not found.
   */
  private static List<String> spaced(Path file, List<String> chunks) {
    if (!Files.isRegularFile(file)) {
      return chunks;
    }
    JsonNode solution = json(file).get("solution");
    if (solution == null || !solution.isString()) {
      return chunks;
    }
    String whole = solution.asString();
    List<String> spaced = new ArrayList<>();
    int from = -1;
    for (String chunk : chunks) {
      int at = whole.indexOf(chunk, Math.max(0, from));
      if (at < 0 || (from >= 0 && !whole.substring(from, at).isBlank())) {
        return chunks;
      }
      int end = at + chunk.length();
      spaced.add(whole.substring(from < 0 ? at : from, end));
      from = end;
    }
    return spaced;
  }

  private static JsonNode json(Path file) {
    try {
      return MAPPER.readTree(TextFile.read(file));
    } catch (FormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw new InvalidInputException(
          "%s: cannot be read as JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  private static String text(Path file, JsonNode object, String key) {
    JsonNode value = object.get(key);
    if (value == null || !(value.isString() || isFinite(value) || value.isBoolean())) {
      throw new InvalidInputException("%s: has no text '%s'".formatted(file, key));
    }
    return value.asString();
  }

  private static boolean isFinite(JsonNode value) {
    return value.isNumber() && Double.isFinite(value.doubleValue());
  }
}
