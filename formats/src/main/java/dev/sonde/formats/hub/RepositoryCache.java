package dev.sonde.formats.hub;

import dev.sonde.formats.WholeFile;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;

/**
 * One repository in one cache folder, laid out as huggingface_hub does: {@code blobs/<etag>},
 * {@code snapshots/<commit>/<file>} that link to them, {@code refs/<revision>} that hold a commit,
 * and empty {@code .no_exist/<commit>/<file>} for files that are known not to be there.
 */
record RepositoryCache(Path root, String folderName) {
  Path folder() {
    return root.resolve(folderName);
  }

  Path snapshot(String commit) {
    return folder().resolve("snapshots").resolve(commit);
  }

  Path blobs() {
    return folder().resolve("blobs");
  }

  Path blob(String etag) {
    return blobs().resolve(etag);
  }

  /** Where a blob grows until it is whole. */
  Path incomplete(String etag) {
    return blobs().resolve(etag + ".incomplete");
  }

  Path lock(String etag) {
    return root.resolve(".locks").resolve(folderName).resolve(etag + ".lock");
  }

  /** The commit that a revision stood for when it was last asked for. */
  Optional<String> commit(String revision) throws IOException {
    if (HubReference.isCommit(revision)) {
      return Optional.of(revision);
    }
    Path file = ref(revision);
    return Files.isRegularFile(file)
        ? Optional.of(Files.readString(file).strip()).filter(HubReference::isCommit)
        : Optional.empty();
  }

  /** Notes what commit a revision stands for. */
  void remember(String revision, String commit) throws IOException {
    if (!commit(revision).equals(Optional.of(commit))) {
      Path file = ref(revision);
      Files.createDirectories(file.getParent());
      WholeFile.write(file, commit.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The files of a commit, where a newer huggingface_hub noted them. */
  Optional<Listing> listing(String commit) throws IOException {
    Path tree = folder().resolve("trees").resolve(commit + ".json");
    return Files.isRegularFile(tree)
        ? Listing.ofTree(commit, Json.object(tree, Files.readAllBytes(tree)))
        : Optional.empty();
  }

  /** Whether a file is known not to be in a commit. */
  boolean knownAbsent(String commit, String file) {
    return Files.exists(absence(commit, file));
  }

  /** Notes that a file is not in a commit. */
  void rememberAbsent(String commit, String file) throws IOException {
    Path mark = absence(commit, file);
    if (!Files.exists(mark)) {
      Files.createDirectories(mark.getParent());
      Files.write(mark, new byte[0]);
    }
  }

  /**
   * Puts a blob into a snapshot: as a relative link, or as the file itself where links cannot be
   * made.
   *
   * @param fresh whether no other snapshot can hold the blob yet, so that it may be moved
   */
  void link(String etag, String commit, String file, boolean symlinks, boolean fresh)
      throws IOException {
    Path blob = blob(etag);
    Path target = snapshot(commit).resolve(file);
    Path folder = Files.createDirectories(Objects.requireNonNull(target.getParent()));
    Files.deleteIfExists(target); // a link whose blob is gone
    if (symlinks) {
      try {
        Files.createSymbolicLink(target, folder.relativize(blob));
        return;
      } catch (UnsupportedOperationException | FileSystemException unable) {
        // Windows without developer mode, or a disk without links: the file itself does.
      }
    }
    if (fresh) {
      Files.move(blob, target, StandardCopyOption.ATOMIC_MOVE);
    } else {
      Path copy = WholeFile.unfinished(blob);
      Files.copy(blob, copy);
      WholeFile.publish(copy, target);
    }
  }

  private Path ref(String revision) {
    return folder().resolve("refs").resolve(revision);
  }

  private Path absence(String commit, String file) {
    return folder().resolve(".no_exist").resolve(commit).resolve(file);
  }
}
