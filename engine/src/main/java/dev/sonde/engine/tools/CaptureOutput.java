package dev.sonde.engine.tools;

import dev.sonde.api.InvalidInputException;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.ScratchFolder;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.ShardIndex;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a capture goes: one file, or shards with an index. All of them appear when all are complete
 * and on the disk; only files of an earlier capture make room for them.
 */
final class CaptureOutput {
  private static final Pattern SHARD = Pattern.compile("-\\d{5}-of-\\d{5}");

  private final Path folder;
  private final String stem;

  private CaptureOutput(Path folder, String stem) {
    this.folder = folder;
    this.stem = stem;
  }

  /**
   * An output; nothing is written or removed yet.
   *
   * @param stem its name without an ending
   * @param overwrite whether an earlier capture of that name may be replaced
   * @throws InvalidInputException if one is there and may not, or anything else is
   */
  static CaptureOutput of(Path folder, String stem, boolean overwrite) throws IOException {
    Files.createDirectories(folder);
    CaptureOutput output = new CaptureOutput(folder, stem);
    for (Path file : output.existing()) {
      if (!overwrite) {
        throw new InvalidInputException(file + " exists already; use --overwrite");
      }
    }
    return output;
  }

  /** Writes files of that stem into a folder. */
  interface Writing {
    void into(Path folder) throws IOException;
  }

  void write(Writing writing) throws IOException {
    try (ScratchFolder scratch = ScratchFolder.beside(folder.resolve(stem))) {
      writing.into(scratch.content());
      List<Path> written = scratch.forced();
      for (Path earlier : existing()) {
        Files.delete(earlier);
      }
      // The index last: with it the shards can be found.
      for (Path file : written.stream().sorted(Comparator.comparing(this::isIndex)).toList()) {
        ScratchFolder.publish(file, folder.resolve(file.getFileName()));
      }
    }
  }

  /**
   * The files in the way, each of an earlier capture.
   *
   * @throws InvalidInputException naming one that is not
   */
  private List<Path> existing() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(this::isOfStem).sorted().toList();
    }
    for (Path file : files) {
      if (!(isIndex(file) ? isIndexOfCapture(file) : isCapture(file))) {
        throw new InvalidInputException(
            file + " is no file that 'sonde capture' wrote, and is kept; name another with --out");
      }
    }
    return files;
  }

  private boolean isOfStem(Path file) {
    String name = String.valueOf(file.getFileName());
    if (isIndex(file)) {
      return true;
    }
    if (!name.startsWith(stem) || !name.endsWith(CaptureFile.ENDING)) {
      return false;
    }
    String between = name.substring(stem.length(), name.length() - CaptureFile.ENDING.length());
    return between.isEmpty() || SHARD.matcher(between).matches();
  }

  private boolean isIndex(Path file) {
    return String.valueOf(file.getFileName()).equals(stem + ShardIndex.SUFFIX);
  }

  private static boolean isCapture(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      return CaptureFile.FORMAT.equals(SafetensorsFile.open(file, arena).metadata().get("format"));
    } catch (FormatException e) {
      return false;
    }
  }

  /** Whether an index names shards of this stem only, those that are there being captures. */
  private boolean isIndexOfCapture(Path index) {
    try {
      return Files.isRegularFile(index, LinkOption.NOFOLLOW_LINKS)
          && ShardIndex.read(index).values().stream()
              .allMatch(shard -> isOfStem(shard) && (!Files.exists(shard) || isCapture(shard)));
    } catch (FormatException e) {
      return false;
    }
  }
}
