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
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder of problem folders as thought anchors (Bogdan et al. 2025) are kept: {@code
 * chunks_labeled.json} lists the chunks of a chain, {@code problem.json} has the problem and its
 * answer. A problem is a row: {@code id} is its folder's name, {@code question} and {@code answer}
 * are the problem's, {@code steps} the texts of the chunks in order.
 */
final class ThoughtAnchors implements DatasetFactory {
  private static final String CHUNKS = "chunks_labeled.json";
  private static final String PROBLEM = "problem.json";
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
      List<String> steps = new ArrayList<>();
      for (JsonNode chunk : json(problem.resolve(CHUNKS))) {
        steps.add(text(problem.resolve(CHUNKS), chunk, "chunk"));
      }
      columns.put("steps", List.copyOf(steps));
      rows.accept(new Row(++line, columns));
    }
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
