package dev.sonde.formats.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which of a repository's files a reference stands for. */
sealed interface WantedFiles permits DatasetFiles, ModelFiles, OneFile {
  /** A model folder's, the one file that is named, or the table of a data set. */
  static WantedFiles of(HubReference reference) {
    if (reference.kind() == HubReference.Kind.DATASET) {
      return new DatasetFiles(reference.file());
    }
    return reference.file().<WantedFiles>map(OneFile::new).orElseGet(ModelFiles::new);
  }

  /**
   * The files to begin with.
   *
   * @throws HubException naming what there is instead, if what is needed is not listed
   */
  List<String> choose(HubReference reference, Listing listing);

  /** Further files that the first ones name, once these are in the snapshot. */
  List<String> namedBy(Path snapshot);

  /** Files without which a snapshot is of no use and that it does not have. */
  List<String> lacking(Path snapshot);

  /** Files that a repository may or may not have: that one is absent is worth noting. */
  List<String> optional();

  /** What a snapshot holds of it: a folder, a file, or the files of a table. */
  default List<Path> in(HubReference reference, Path snapshot) {
    return List.of(reference.file().map(snapshot::resolve).orElse(snapshot));
  }

  /** Whether a snapshot has all that a listing says it should have. */
  default boolean complete(HubReference reference, Listing listing, Path snapshot) {
    return choose(reference, listing).stream().allMatch(f -> Files.exists(snapshot.resolve(f)))
        && lacking(snapshot).isEmpty();
  }

  /**
   * Whether a snapshot has all it should have as far as its cache knows, so that nobody is asked.
   */
  default boolean knownComplete(HubReference reference, RepositoryCache cache, String commit)
      throws IOException {
    Path snapshot = cache.snapshot(commit);
    return cache
        .listing(commit)
        .map(listing -> complete(reference, listing, snapshot))
        .orElseGet(
            () ->
                lacking(snapshot).isEmpty()
                    && optional().stream()
                        .allMatch(
                            file ->
                                Files.exists(snapshot.resolve(file))
                                    || cache.knownAbsent(commit, file)));
  }
}
