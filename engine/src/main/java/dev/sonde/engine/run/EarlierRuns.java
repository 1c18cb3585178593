package dev.sonde.engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finished runs of the same data in the folder of a run: what they looked at is in none of its p
 * values. A run of the very same experiment looked at nothing else and does not count, nor does a
 * repetition of another.
 */
final class EarlierRuns {
  /** Runs that are named. */
  private static final int NAMED = 5;

  private static final double ONCE = 0.01;
  private static final JsonMapper MAPPER = new JsonMapper();

  private EarlierRuns() {}

  /** What a reader should know of the runs beside one, of which these are the names. */
  static Optional<String> remark(List<String> names) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "%d earlier %s of the same data with another experiment beside this one (%s%s). Each p here covers what this run looked at, not what those did: with them counted in (Holm), the smallest p must be below %.4f."
            .formatted(
                names.size(),
                names.size() == 1 ? "run" : "runs",
                String.join(", ", names.stream().limit(NAMED).toList()),
                names.size() > NAMED ? ", …" : "",
                ONCE / (names.size() + 1)));
  }

  /**
   * Their names.
   *
   * @param run the folder of the run beside which they are
   * @param manifest what it depends on
   * @param experiment as it is kept in the folder
   */
  static List<String> names(Path run, Map<String, Object> manifest, String experiment) {
    Path own = run.toAbsolutePath().normalize();
    Path folder = own.getParent();
    if (folder == null) {
      return List.of();
    }
    try (Stream<Path> beside = Files.list(folder)) {
      Map<String, String> byExperiment = new HashMap<>();
      beside
          .filter(each -> !each.equals(own))
          .sorted()
          .forEach(
              each ->
                  experiment(each, manifest)
                      .filter(other -> !other.equals(experiment))
                      .ifPresent(
                          other ->
                              byExperiment.putIfAbsent(other, String.valueOf(each.getFileName()))));
      return byExperiment.values().stream().sorted().toList();
    } catch (IOException e) {
      return List.of(); // a folder that cannot be looked into says nothing
    }
  }

  /** The experiment of a finished run of the same data; empty of anything else. */
  private static Optional<String> experiment(Path run, Map<String, Object> manifest) {
    Path kept = run.resolve(RunFolder.MANIFEST);
    try {
      if (!Files.isRegularFile(kept)) {
        return Optional.empty();
      }
      String data =
          MAPPER.readTree(Files.readString(kept)).path("data").path("sha256").asString("");
      return data(manifest).filter(data::equals).isPresent()
          ? Optional.of(Files.readString(run.resolve(RunFolder.EXPERIMENT)))
          : Optional.empty();
    } catch (IOException | JacksonException e) {
      return Optional.empty(); // no run of ours, or a broken one
    }
  }

  private static Optional<String> data(Map<String, Object> manifest) {
    return manifest.get("data") instanceof Map<?, ?> data
            && data.get("sha256") instanceof String hash
        ? Optional.of(hash)
        : Optional.empty();
  }
}
