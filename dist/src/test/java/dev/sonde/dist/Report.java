package dev.sonde.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The report.json of a run, as a script reads it. */
record Report(List<Map<String, Object>> metrics) {
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /** What the first probe found. */
  static Report of(Path run) {
    return new Report(metrics(probes(run).getFirst()));
  }

  /** What one of several probes found. */
  static Report of(Path run, String probe) {
    return new Report(
        metrics(
            probes(run).stream()
                .filter(p -> probe.equals(p.get("name")))
                .findFirst()
                .orElseThrow()));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> probes(Path run) {
    return (List<Map<String, Object>>) json(run.resolve("report.json")).get("probes");
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> metrics(Map<String, Object> probe) {
    return (List<Map<String, Object>>) probe.get("metrics");
  }

  static Map<String, Object> json(Path file) {
    try {
      return new JsonMapper().readValue(Files.readString(file), OBJECT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, Object> metric(String name) {
    return metrics.stream().filter(m -> m.get("name").equals(name)).findFirst().orElseThrow();
  }

  double value(String name) {
    return (Double) metric(name).get("value");
  }

  /** The values of that name in one split, in the order of the report. */
  List<Double> values(String name, String split) {
    return metrics.stream()
        .filter(m -> m.get("name").equals(name))
        .filter(m -> split.equals(((Map<?, ?>) m.get("where")).get("split")))
        .map(m -> (Double) m.get("value"))
        .toList();
  }
}
