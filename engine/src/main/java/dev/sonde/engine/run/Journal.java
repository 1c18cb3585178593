package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.probe.Artifact;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.report.Section;
import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run has finished, line by line: first the hash of everything it depends on, then which
 * runs were beside it, one line per probe with the hashes of the files it wrote, its section among
 * them, and a {@link Seal} at the end. A resumed run skips probes whose files are as they were, and
 * the finished stages of a probe that was interrupted, each of which is a file until its probe has
 * finished. What is not as it was is computed again.
 */
final class Journal {
  static final String FILE = "journal.jsonl";

  private static final System.Logger LOG = System.getLogger(Journal.class.getName());

  /** The first line; that of earlier versions, which noted no files, says nothing of a format. */
  private static final Pattern FIRST =
      Pattern.compile("\\{\"inputs\":\"([0-9a-f]{64})\"(,\"journal\":2)?\\}");

  private static final int LONGEST_FIRST = 128;

  /** The names of the runs of the same data that were beside this one when it began. */
  private static final String EARLIER = "earlier";

  private static final String RESUMED = "{\"resumed\":true}";

  private final RunFolder folder;
  private final String inputs;
  private final Map<String, String> hashes = new TreeMap<>();

  /** Results of stages that this process wrote, or found whole. */
  private final Set<String> sound = new HashSet<>();

  private Journal(RunFolder folder, String inputs) {
    this.folder = folder;
    this.inputs = inputs;
  }

  /**
   * Begins the journal of a new run, and keeps its experiment beside it.
   *
   * @param experiment with defaults and absolute paths
   * @param inputs hash of model, data, plugins and settings
   */
  static Journal begin(RunFolder folder, String experiment, String inputs) {
    Journal journal = new Journal(folder, inputs);
    folder.append(FILE, "{\"inputs\":\"%s\",\"journal\":2}\n".formatted(inputs));
    folder.write(RunFolder.EXPERIMENT, experiment);
    return journal;
  }

  /**
   * Goes on with the journal of a run that was begun, and keeps its experiment beside it.
   *
   * @param experiment with defaults and absolute paths
   * @param inputs hash of model, data, plugins and settings
   * @throws InvalidInputException if the run was begun with other inputs, or nobody can tell
   */
  static Journal goOn(RunFolder folder, String experiment, String inputs) {
    String text = text(folder.path());
    if (text.indexOf('\n') < 0) { // killed while it wrote the first line, and so before all else
      folder.write(FILE, "");
      return begin(folder, experiment, inputs);
    }
    Matcher first = FIRST.matcher(text.substring(0, text.indexOf('\n')));
    if (!first.matches()) {
      throw new InvalidInputException(
          folder.file(FILE)
              + ":1: is damaged, and with it what the run was begun with; start a new run, with"
              + " --overwrite in the same folder");
    }
    if (!first.group(1).equals(inputs)) {
      throw new InvalidInputException(
          folder.path()
              + ": the experiment, the model, the data or a plugin changed since the run began;"
              + " start a new run");
    }
    sayDamaged(folder, text);
    // A torn line stays one of its own.
    folder.append(FILE, (text.endsWith("\n") ? "" : "\n") + RESUMED + "\n");
    folder.write(RunFolder.EXPERIMENT, experiment);
    return new Journal(folder, inputs);
  }

  /**
   * The journal of a run that another process conducts: for the results of stages, which are files
   * of their own.
   *
   * @param inputs hash of model, data, plugins and settings
   */
  static Journal ofAnother(RunFolder folder, String inputs) {
    return new Journal(folder, inputs);
  }

  /** A probe whose line is not read counts as unfinished. */
  private static void sayDamaged(RunFolder folder, String text) {
    List<String> lines = text.lines().toList();
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (Finished.of(line).isEmpty()
          && earlier(line).isEmpty()
          && !line.equals(RESUMED)
          && !Seal.isOne(line)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "%s:%d: is damaged, or of an earlier version that noted no hashes; what it says is"
                    .formatted(folder.file(FILE), i + 1)
                + " computed again");
      }
    }
  }

  /**
   * The earlier runs beside this one: those that were there when it began, also where it was
   * resumed while others ran.
   *
   * @param now those that are there now
   */
  List<String> earlier(Supplier<List<String>> now) {
    Optional<List<String>> known =
        text(folder.path()).lines().flatMap(line -> earlier(line).stream()).findFirst();
    if (known.isPresent()) {
      return known.get();
    }
    List<String> found = now.get();
    folder.append(FILE, ReportJson.line(Map.of(EARLIER, found)) + "\n");
    return found;
  }

  private static Optional<List<String>> earlier(String line) {
    return ReportJson.parse(line)
        .flatMap(
            entry ->
                entry.get(EARLIER) instanceof List<?> names
                    ? Optional.of(names.stream().map(String::valueOf).toList())
                    : Optional.empty());
  }

  /** Whether a folder has the journal of a run. */
  static boolean marks(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(LONGEST_FIRST), StandardCharsets.ISO_8859_1);
      int end = start.indexOf('\n');
      return end >= 0 && FIRST.matcher(start.substring(0, end)).matches();
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** The probes that a journal names. */
  static List<String> probes(Path folder) {
    return text(folder)
        .lines()
        .flatMap(line -> Finished.of(line).stream())
        .map(Finished::probe)
        .toList();
  }

  /**
   * A probe that has finished.
   *
   * @param files the hashes of what it wrote
   */
  private record Finished(String probe, Map<String, String> files) {
    static Optional<Finished> of(String line) {
      Optional<Map<String, Object>> entry = ReportJson.parse(line);
      if (entry.isEmpty()
          || !(entry.get().get("probe") instanceof String probe)
          || !(entry.get().get("files") instanceof Map<?, ?> files)) {
        return Optional.empty();
      }
      Map<String, String> hashes = new TreeMap<>();
      files.forEach((file, hash) -> hashes.put(String.valueOf(file), String.valueOf(hash)));
      return Optional.of(new Finished(probe, hashes));
    }

    String line() {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("probe", probe);
      entry.put("files", files);
      return ReportJson.line(entry);
    }
  }

  /** The section of a probe that has finished, if all its files are as they were. */
  Optional<Section> finished(String probe) {
    String section = sectionFile(probe);
    List<Finished> lines =
        text(folder.path())
            .lines()
            .flatMap(line -> Finished.of(line).stream())
            .filter(line -> line.probe().equals(probe))
            .toList();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> files = lines.getLast().files();
    if (!files.containsKey(section)) {
      return Optional.empty();
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Optional<String> problem = problem(folder, file.getKey(), file.getValue());
      if (problem.isPresent()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "%s %s since the probe '%s' finished; the probe is computed again"
                .formatted(file.getKey(), problem.get(), probe));
        return Optional.empty();
      }
    }
    hashes.putAll(files);
    Optional<Section> kept = section(folder, probe);
    folder.removeStages(probe); // where the run was killed before it did
    return kept;
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

  /**
   * What became of a file that had a hash; empty if it still has. Names outside of the folder,
   * which no run notes, are not read.
   */
  static Optional<String> problem(RunFolder folder, String name, String hash) {
    try {
      Path file = folder.file(name).toAbsolutePath().normalize();
      if (!file.startsWith(folder.path().toAbsolutePath().normalize())) {
        return Optional.of("is outside of the run");
      }
      if (!Files.exists(file)) {
        return Optional.of("is missing");
      }
      if (!Files.isRegularFile(file)) {
        return Optional.of("is no file any more");
      }
      return ContentHash.afresh(file).equals(hash) ? Optional.empty() : Optional.of("has changed");
    } catch (InvalidPathException e) {
      return Optional.of("is no name of a file");
    } catch (FormatException e) {
      return Optional.of("cannot be read any more");
    }
  }

  /**
   * Notes a finished probe, whose stages are of no more use.
   *
   * @param artifacts the other files that it wrote
   */
  void finish(String probe, Section section, Collection<String> artifacts) {
    keep(section);
    Map<String, String> files = new TreeMap<>();
    files.put(sectionFile(probe), ContentHash.afresh(folder.file(sectionFile(probe))));
    artifacts.forEach(file -> files.put(file, ContentHash.afresh(folder.file(file))));
    folder.append(FILE, new Finished(probe, files).line() + "\n");
    folder.removeStages(probe);
    hashes.putAll(files);
  }

  /** Ends the journal of a run whose files are all written. */
  void seal() {
    Map<String, Object> files = new LinkedHashMap<>();
    for (String name : List.of(RunFolder.MANIFEST, RunFolder.TIMING, RunFolder.LOG)) {
      files.put(name, ContentHash.afresh(folder.file(name)));
    }
    folder.append(FILE, Seal.line(text(folder.path()), files));
  }

  /** The files that a journal's seal names, with their hashes; empty if it is not sealed. */
  static Optional<Map<String, Object>> sealed(Path folder) {
    return Seal.files(text(folder));
  }

  /** Whether it is the journal of an earlier version, which sealed none. */
  static boolean isUnsealed(Path folder) {
    String text = text(folder);
    Matcher first = FIRST.matcher(text.lines().findFirst().orElse(""));
    return first.matches() && first.group(2) == null && text.lines().noneMatch(Seal::isOne);
  }

  /** The hashes of all files of finished probes. */
  Map<String, String> hashes() {
    return hashes;
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
    ArtifactFile file = artifactFile(probe, stage, version);
    String name = stageFile(probe, stage);
    Artifact computed = work.get();
    folder.write(name, path -> file.write(path, computed));
    sound.add(name);
    return file.read(folder.file(name))
        .orElseThrow(() -> new IllegalStateException(name + " was not kept"));
  }

  /** The result of a stage, where the run has finished it in this version and it is whole. */
  Optional<Artifact> kept(String probe, String stage, int version) {
    String name = stageFile(probe, stage);
    if (!Files.exists(folder.file(name))) {
      return Optional.empty();
    }
    ArtifactFile file = artifactFile(probe, stage, version);
    if (sound.contains(name)) {
      return file.read(folder.file(name));
    }
    Optional<Artifact> kept = file.readChecked(folder.file(name));
    if (kept.isPresent()) {
      sound.add(name);
    } else {
      LOG.log(
          System.Logger.Level.WARNING,
          "%s is not what the run wrote; the stage is computed again".formatted(name));
    }
    return kept;
  }

  /** What it is the result of, so that another stage's is not taken for it. */
  private ArtifactFile artifactFile(String probe, String stage, int version) {
    return new ArtifactFile(inputs + "\n" + stageFile(probe, stage), version);
  }

  private static String stageFile(String probe, String stage) {
    return "%s/%s/%s.safetensors".formatted(RunContents.STAGES, probe, stage);
  }

  private static String sectionFile(String probe) {
    return "%s/%s.section.json".formatted(RunContents.ARTIFACTS, probe);
  }

  private static String text(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      // Damaged bytes must not keep the rest from being read.
      return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
