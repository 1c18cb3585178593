package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows of a data set: its one table, or the one that a reference names by a file, a folder, or
 * what the names of its files begin with. A table may lie in parts.
 *
 * @param within the file, folder or beginning; empty for the only table
 */
record DatasetFiles(Optional<String> within) implements WantedFiles {
  private static final Set<String> ENDINGS = Set.of("parquet", "jsonl", "ndjson", "csv");

  /** {@code train-00001-of-00003.parquet}, on the hub sometimes with a hash behind. */
  private static final Pattern PART =
      Pattern.compile("(?<table>.*?)-(?<part>\\d{5})-of-(?<parts>\\d{5})(?:-[0-9a-f]+)?");

  /** {@code default/train/0001.parquet}, as the hub converts data sets. */
  private static final Pattern NUMBERED = Pattern.compile("(?<table>.*)/\\d{4}");

  @Override
  public List<String> choose(HubReference reference, Listing listing) {
    List<String> files = chosen(listing.files());
    if (files.isEmpty()) {
      throw new HubException(
          Reason.MISSING,
          reference,
          "the data set has no such table of .parquet, .jsonl or .csv files; it has %s; what a script would make lies converted at the revision refs/convert/parquet of many data sets"
              .formatted(
                  Listing.some(
                      listing.files().stream().filter(f -> !HubReference.pickled(f)).toList())));
    }
    Map<String, List<String>> tables = tables(files);
    if (tables.size() > 1) {
      throw new HubException(
          Reason.MISSING,
          reference,
          "the data set has several tables; name one of them: "
              + Listing.some(tables.keySet().stream().map(reference::naming).toList()));
    }
    return files;
  }

  /** The files of a list that are meant, in order. */
  private List<String> chosen(List<String> files) {
    if (within.filter(files::contains).isPresent()) {
      return List.of(within.get());
    }
    return files.stream().filter(DatasetFiles::isTable).filter(this::isWithin).sorted().toList();
  }

  private static boolean isTable(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return dot > 0
        && !name.startsWith(".")
        && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  private boolean isWithin(String file) {
    return within
        .map(
            begins ->
                file.startsWith(begins)
                    && file.length() > begins.length()
                    && "/-.".indexOf(file.charAt(begins.length())) >= 0)
        .orElse(true);
  }

  /** Files by what their names have in common without the number of a part. */
  private static Map<String, List<String>> tables(List<String> files) {
    return files.stream()
        .collect(Collectors.groupingBy(DatasetFiles::table, TreeMap::new, Collectors.toList()));
  }

  private static String table(String file) {
    String stem = file.substring(0, file.lastIndexOf('.'));
    Matcher part = PART.matcher(stem);
    if (part.matches()) {
      return part.group("table");
    }
    Matcher numbered = NUMBERED.matcher(stem);
    return numbered.matches() ? numbered.group("table") : file;
  }

  @Override
  public List<String> namedBy(Path snapshot) {
    return List.of();
  }

  @Override
  public List<String> lacking(Path snapshot) {
    List<String> there = chosen(in(snapshot));
    Set<String> lacking = new TreeSet<>();
    for (String file : there) {
      Matcher part = PART.matcher(file.substring(0, file.lastIndexOf('.')));
      if (part.matches()) {
        int parts = Integer.parseInt(part.group("parts"));
        long present = there.stream().filter(f -> table(f).equals(table(file))).count();
        if (present < parts) {
          lacking.add("%d of the %d parts of %s".formatted(parts - present, parts, table(file)));
        }
      }
    }
    if (there.isEmpty()) {
      lacking.add(within.orElse("its table"));
    }
    return List.copyOf(lacking);
  }

  @Override
  public boolean knownComplete(HubReference reference, RepositoryCache cache, String commit)
      throws IOException {
    // Without the list of all files it is not known that there is one table only.
    return (within.isPresent() || cache.listing(commit).isPresent())
        && WantedFiles.super.knownComplete(reference, cache, commit);
  }

  @Override
  public List<String> optional() {
    return List.of();
  }

  @Override
  public List<Path> in(HubReference reference, Path snapshot) {
    return chosen(in(snapshot)).stream().map(snapshot::resolve).toList();
  }

  private static List<String> in(Path snapshot) {
    if (!Files.isDirectory(snapshot)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(snapshot)) {
      return all.filter(Files::isRegularFile)
          .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
