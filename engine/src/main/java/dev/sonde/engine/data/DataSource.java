package dev.sonde.engine.data;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the rows of a data set are.
 *
 * @param written how an experiment names it for good: an absolute path, or a reference to the hub
 *     with its commit
 * @param files the files, or one folder; the rows of the first come first
 */
public record DataSource(String written, List<Path> files) {
  /** A source with its list copied. */
  public DataSource {
    files = List.copyOf(files);
  }

  /** A file or folder on disk. */
  public static DataSource of(Path file) {
    return new DataSource(file.toString(), List.of(file));
  }

  /** How people call it: the last part of its path, or the reference. */
  public String name() {
    return written.equals(files.getFirst().toString())
        ? String.valueOf(files.getFirst().getFileName())
        : written;
  }

  @Override
  public String toString() {
    return written;
  }
}
