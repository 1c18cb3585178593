package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.worker.HandOut;
import dev.sonde.engine.worker.LocalWorkforce;
import dev.sonde.formats.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What lies in a folder, told apart by whether runs give files such names. A link is never a run's,
 * and none is followed.
 *
 * @param folder looked into
 * @param own files of a run, as relative names in order, also unfinished ones
 * @param foreign files and folders that no run writes, as relative names in order
 */
record RunContents(Path folder, List<String> own, List<String> foreign) {
  static final String ARTIFACTS = "artifacts";
  static final String STAGES = "stages";

  private static final Set<String> NAMES =
      Set.of(
          RunLock.FILE,
          Journal.FILE,
          RunFolder.EXPERIMENT,
          RunFolder.MANIFEST,
          RunFolder.REPORT,
          "report.md",
          "report.html",
          "timing.json",
          "log",
          HandOut.FILE);

  /** What workers leave: see {@link LocalWorkforce#FOLDER}. */
  private static final Pattern WORKER_LOG = Pattern.compile("(worker-|hs_err-)\\d+\\.log");

  /** How the file of a stage, or of a shard of one, ends. */
  private static final String STAGE = ".safetensors";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** What earlier versions called a file that was not finished. */
  private static final String EARLIER_UNFINISHED = ".unfinished";

  /** Contents with their lists copied. */
  RunContents {
    own = List.copyOf(own);
    foreign = List.copyOf(foreign);
  }

  /** The contents of a folder; none where it does not exist. */
  static RunContents of(Path folder) throws IOException {
    Look look = new Look(folder, probes(folder));
    look.at(
        "",
        NAMES::contains,
        name ->
            name.equals(ARTIFACTS) || name.equals(STAGES) || name.equals(LocalWorkforce.FOLDER));
    look.own.sort(Comparator.naturalOrder());
    look.foreign.sort(Comparator.naturalOrder());
    return new RunContents(folder, look.own, look.foreign);
  }

  /** The probes that the run was asked for, and those that it says it finished. */
  private static Set<String> probes(Path folder) {
    Set<String> probes = new TreeSet<>(Journal.probes(folder));
    Path experiment = folder.resolve(RunFolder.EXPERIMENT);
    if (Files.isRegularFile(experiment, LinkOption.NOFOLLOW_LINKS)) {
      try {
        ExperimentFile.read(experiment, List.of())
            .probes()
            .forEach(probe -> probes.add(probe.name()));
      } catch (InvalidInputException damaged) {
        return probes;
      }
    }
    return probes;
  }

  /** Whether there is anything of a run that somebody could miss. */
  boolean isBegun() {
    return own.stream()
        .anyMatch(
            name ->
                name.startsWith(ARTIFACTS + "/")
                    || name.startsWith(STAGES + "/")
                    || name.equals(RunFolder.EXPERIMENT)
                    || name.equals(RunFolder.REPORT)
                    || name.equals(RunFolder.MANIFEST));
  }

  /** Files that were not finished when their writer was killed. */
  List<String> unfinished() {
    return own.stream().filter(RunContents::isUnfinished).toList();
  }

  private static boolean isUnfinished(String name) {
    return Stream.of(name.split("/", -1))
        .anyMatch(part -> WholeFile.isUnfinished(part) || part.endsWith(EARLIER_UNFINISHED));
  }

  private static String finished(String name) {
    if (WholeFile.isUnfinished(name)) {
      return WholeFile.finished(name);
    }
    return name.endsWith(EARLIER_UNFINISHED)
        ? name.substring(0, name.length() - EARLIER_UNFINISHED.length())
        : name;
  }

  /** Walks a folder by the rules of what stands where. */
  private record Look(Path folder, Set<String> probes, List<String> own, List<String> foreign) {
    Look(Path folder, Set<String> probes) {
      this(folder, probes, new ArrayList<>(), new ArrayList<>());
    }

    /** Looks at one folder of it, whose name ends in a slash; empty for all. */
    void at(String place, Predicate<String> isFile, Predicate<String> isFolder) throws IOException {
      Path here = folder.resolve(place);
      if (!Files.isDirectory(here)) {
        return;
      }
      List<Path> entries;
      try (Stream<Path> all = Files.list(here)) {
        entries = all.toList();
      }
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) && isFile.test(finished(name))) {
          own.add(place + name);
        } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && isFolder.test(name)) {
          into(place + name + "/");
        } else {
          addForeign(entry, place + name);
        }
      }
    }

    /** Folders without a file in them hold nothing to lose. */
    private void addForeign(Path entry, String name) throws IOException {
      try (Stream<Path> all = Files.walk(entry)) {
        if (all.anyMatch(each -> !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))) {
          foreign.add(name);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    private void into(String place) throws IOException {
      String[] parts = place.substring(0, place.length() - 1).split("/", -1);
      if (parts[0].equals(LocalWorkforce.FOLDER)) {
        at(place, name -> WORKER_LOG.matcher(name).matches(), name -> false);
        return;
      }
      boolean stages = parts[0].equals(STAGES);
      if (parts.length == 1) {
        at(place, name -> !stages && isOfProbe(name), name -> isFolder(name, stages));
      } else if (parts.length == 2) {
        boolean files = stages || WholeFile.isUnfinished(parts[1]);
        at(
            place,
            name -> files && isPlain(name) && (!stages || name.endsWith(STAGE)),
            name -> (stages || !files) && isPlain(name));
      } else {
        at(place, name -> isPlain(name) && (!stages || name.endsWith(STAGE)), name -> false);
      }
    }

    /** A probe's folder; or one in which a plugin writes a probe's file. */
    private boolean isFolder(String name, boolean stages) {
      return probes.contains(name)
          || (!stages && WholeFile.isUnfinished(name) && isOfProbe(WholeFile.finished(name)));
    }

    private boolean isOfProbe(String name) {
      return isPlain(name) && probes.stream().anyMatch(probe -> name.startsWith(probe + "."));
    }

    private static boolean isPlain(String name) {
      return PLAIN.matcher(name).matches();
    }
  }
}
