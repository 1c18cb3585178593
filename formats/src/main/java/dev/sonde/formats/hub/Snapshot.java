package dev.sonde.formats.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * Files of a repository as of one commit, on disk.
 *
 * @param reference what was asked for
 * @param commit the commit it stood for, 40 hexadecimal digits
 * @param path the folder of a model, or the file where the reference names one
 * @param files the files of a data set's table, in order; of a model its path
 */
public record Snapshot(HubReference reference, String commit, Path path, List<Path> files) {
  /** A snapshot with its list copied. */
  public Snapshot {
    files = List.copyOf(files);
  }

  /** The reference with the commit in place of a branch: what a record of a run should hold. */
  public HubReference pinned() {
    return reference.at(commit);
  }
}
