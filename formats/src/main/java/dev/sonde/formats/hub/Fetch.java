package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Completes the snapshot of one commit: what is announced, whether it has room, then the bytes. */
final class Fetch {
  private final HubClient client;
  private final Patience patience;
  private final HubListener listener;
  private final HubReference reference;
  private final RepositoryCache cache;
  private final boolean symlinks;

  /**
   * A fetch.
   *
   * @param reference the repository at the commit
   * @param cache what is completed
   */
  Fetch(
      HubClient client,
      Patience patience,
      HubListener listener,
      HubReference reference,
      RepositoryCache cache,
      boolean symlinks) {
    this.client = client;
    this.patience = patience;
    this.listener = listener;
    this.reference = reference;
    this.cache = cache;
    this.symlinks = symlinks;
  }

  /** Fetches those of the files that are not there yet. */
  void files(List<String> names) throws IOException {
    List<RemoteFile> missing =
        names.stream()
            .filter(name -> !Files.exists(target(name)))
            .map(name -> client.head(reference.file(name), patience))
            .toList();
    Files.createDirectories(cache.blobs());
    requireSpace(missing);
    for (RemoteFile file : missing) {
      fetch(file);
    }
  }

  private void fetch(RemoteFile remote) throws IOException {
    Path blob = cache.blob(remote.etag());
    try (var _ = BlobLock.take(cache.lock(remote.etag()), () -> waiting(remote))) {
      boolean fresh = !Files.exists(blob) && !Files.exists(target(remote.name()));
      if (fresh) {
        new Download(
                client,
                patience,
                listener,
                reference.file(remote.name()),
                remote,
                cache.incomplete(remote.etag()))
            .into(blob);
      }
      if (!Files.exists(target(remote.name()))) {
        cache.link(remote.etag(), reference.revision(), remote.name(), symlinks, fresh);
      }
    } catch (InterruptedException e) {
      throw HubException.interrupted(reference, e);
    }
  }

  private Path target(String name) {
    return cache.snapshot(reference.revision()).resolve(name);
  }

  private void requireSpace(List<RemoteFile> files) throws IOException {
    long needed = 0;
    for (RemoteFile file : files) {
      needed += missingBytes(file);
    }
    long free = cache.blobs().toFile().getUsableSpace();
    if (needed > free) {
      throw new HubException(
          Reason.DISK,
          cache.root(),
          """
          %s needs %,d bytes more, the disk has %,d; free some, or set HF_HUB_CACHE to a \
          folder with room\
          """
              .formatted(reference, needed, free));
    }
  }

  private long missingBytes(RemoteFile file) throws IOException {
    Path grown = cache.incomplete(file.etag());
    if (Files.exists(cache.blob(file.etag()))) {
      return 0;
    }
    return Files.exists(grown) ? Math.max(0, file.size() - Files.size(grown)) : file.size();
  }

  private void waiting(RemoteFile file) {
    listener.warning(
        "%s: another process is fetching it; waiting (lock %s)"
            .formatted(reference.naming(file.name()), cache.lock(file.etag())));
  }
}
