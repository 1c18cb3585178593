package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.report.ReportJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the files of a finished run are what it wrote; each is hashed afresh. */
final class Verification {
  private Verification() {}

  /**
   * The files that are missing or no longer what they were, in words.
   *
   * @throws InvalidInputException if the run has not finished
   */
  static List<String> changed(RunFolder folder) {
    if (!Files.exists(folder.file(RunFolder.MANIFEST))) {
      throw new InvalidInputException(
          folder.path() + ": the run has not finished: there is no " + RunFolder.MANIFEST);
    }
    List<String> changed = new ArrayList<>(ofManifest(folder));
    Optional<Map<String, Object>> sealed = Journal.sealed(folder.path());
    if (sealed.isPresent()) {
      changed.addAll(changed(folder, sealed.get()));
      if (!RunLock.isIdle(folder.path())) {
        changed.add(RunLock.FILE + " has changed");
      }
    } else if (!Journal.isUnsealed(folder.path())) {
      changed.add(Journal.FILE + " has changed, or the run has not finished since it was resumed");
    }
    return changed;
  }

  private static List<String> ofManifest(RunFolder folder) {
    Path file = folder.file(RunFolder.MANIFEST);
    Object files;
    try {
      files = ReportJson.read(file).get("files");
    } catch (InvalidInputException e) {
      return List.of(RunFolder.MANIFEST + " has changed: it is no JSON any more");
    }
    return files instanceof Map<?, ?> map
        ? changed(folder, map)
        : List.of(RunFolder.MANIFEST + " has changed: it has no list of files");
  }

  private static List<String> changed(RunFolder folder, Map<?, ?> files) {
    List<String> changed = new ArrayList<>();
    files.forEach(
        (name, hash) ->
            Journal.problem(folder, String.valueOf(name), String.valueOf(hash))
                .ifPresent(problem -> changed.add(name + " " + problem)));
    return changed;
  }

  /** Whether a file of a finished run is no longer what its manifest says. */
  static boolean isChanged(RunFolder folder, String name) {
    Path manifest = folder.file(RunFolder.MANIFEST);
    return Files.exists(manifest)
        && ReportJson.read(manifest).get("files") instanceof Map<?, ?> files
        && files.get(name) instanceof String hash
        && Journal.problem(folder, name, hash).isPresent();
  }
}
