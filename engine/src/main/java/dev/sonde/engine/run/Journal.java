package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.probe.Artifact;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.report.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a run has finished, line by line: first the hash of everything it depends on, then one line
 * per probe, whose section stands in a file of its own. A resumed run skips these, and the finished
 * stages of a probe that was interrupted, each of which is a file until its probe has finished.
 */
final class Journal {
  private static final String FILE = "journal.jsonl";

  private final RunFolder folder;

  private Journal(RunFolder folder) {
    this.folder = folder;
  }

  /**
   * Begins or goes on.
   *
   * @param inputs hash of model, data, plugins and settings
   * @throws InvalidInputException if the run was begun with other inputs
   */
  static Journal open(RunFolder folder, String inputs) {
    Journal journal = new Journal(folder);
    List<String> lines = journal.lines();
    String first = "{\"inputs\":\"" + inputs + "\"}";
    if (lines.isEmpty()) {
      folder.append(FILE, first + "\n");
    } else if (!lines.getFirst().equals(first)) {
      throw new InvalidInputException(
          folder.path()
              + ": the model, the data or a plugin changed since the run began; start a new run");
    }
    return journal;
  }

  /** The section of a probe that has finished. */
  Optional<Section> finished(String probe) {
    return lines().contains(line(probe)) ? section(folder, probe) : Optional.empty();
  }

  /** The section of a probe as the run last kept it, finished or failed. */
  static Optional<Section> section(RunFolder folder, String probe) {
    Path file = folder.file(sectionFile(probe));
    return Files.exists(file) ? Optional.of(ReportJson.readSection(file)) : Optional.empty();
  }

  /** Keeps the section of a probe that failed, which a resumed run runs again. */
  void keep(Section section) {
    folder.write(sectionFile(section.name()), ReportJson.write(section));
  }

  /** Notes a finished probe, whose stages are of no more use. */
  void finish(String probe, Section section) {
    keep(section);
    folder.append(FILE, line(probe) + "\n");
    folder.remove(stages(probe));
  }

  /**
   * The result of a stage of a probe, or of a shard of one, as it is kept: computed unless the run
   * has finished it already.
   */
  Artifact stage(String probe, String stage, int version, Supplier<Artifact> work) {
    Optional<Artifact> kept = kept(probe, stage, version);
    if (kept.isPresent()) {
      return kept.get();
    }
    Artifact computed = work.get();
    String file = stageFile(probe, stage);
    folder.write(file, path -> ArtifactFile.write(path, version, computed));
    return kept(probe, stage, version)
        .orElseThrow(() -> new IllegalStateException(file + " was not kept"));
  }

  /** The result of a stage, where the run has finished it in this version. */
  Optional<Artifact> kept(String probe, String stage, int version) {
    Path file = folder.file(stageFile(probe, stage));
    return Files.exists(file) ? ArtifactFile.read(file, version) : Optional.empty();
  }

  private static String stageFile(String probe, String stage) {
    return stages(probe) + "/" + stage + ".safetensors";
  }

  /** The result of a stage of a probe, computed unless the run has finished it already. */
  byte[] stage(String probe, String stage, Supplier<byte[]> work) {
    String file = stages(probe) + "/" + stage;
    if (Files.exists(folder.file(file))) {
      return folder.read(file);
    }
    byte[] result = work.get();
    folder.write(file, result);
    return result;
  }

  private static String stages(String probe) {
    return "stages/" + probe;
  }

  private static String line(String probe) {
    return "{\"probe\":\"" + probe + "\"}";
  }

  private static String sectionFile(String probe) {
    return "artifacts/" + probe + ".section.json";
  }

  private List<String> lines() {
    Path file = folder.file(FILE);
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
