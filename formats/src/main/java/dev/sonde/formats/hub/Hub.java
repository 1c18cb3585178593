package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The Hugging Face hub behind its cache. What is fetched is checked against the hashes that the hub
 * announces, and lies where huggingface_hub looks for it; what huggingface_hub fetched is used.
 */
public final class Hub {
  private final HubSettings settings;
  private final Patience patience;

  /** A hub; no request is made before one is needed. */
  public Hub(HubSettings settings) {
    this(settings, Patience.USUAL);
  }

  Hub(HubSettings settings, Patience patience) {
    this.settings = settings;
    this.patience = patience;
  }

  /**
   * The files of a reference: of a model what a model folder needs (configuration, tokenizer,
   * safetensors), or the one file it names; of a data set its table, or the one it names. A commit
   * that is in the cache needs no request; a branch is asked for each time, and if the hub cannot
   * be reached, what it last stood for is used with a warning. Downloads that were cut off go on
   * where they stopped.
   *
   * @throws HubException naming reference and remedy, if it cannot be had
   * @throws dev.sonde.formats.FormatException if a fetched index of shards is malformed
   */
  public Snapshot snapshot(HubReference reference, HubListener listener) {
    WantedFiles needs = WantedFiles.of(reference);
    try {
      if (reference.isCommit()) {
        Optional<Snapshot> complete =
            cached(reference, (cache, commit) -> needs.knownComplete(reference, cache, commit));
        if (complete.isPresent()) {
          return complete.get();
        }
      }
      Optional<Snapshot> usable =
          cached(reference, (cache, commit) -> needs.lacking(cache.snapshot(commit)).isEmpty());
      if (!settings.offline()) {
        return asked(reference, needs, usable, listener);
      }
      if (usable.isEmpty()) {
        throw offline(reference, needs);
      }
      return usable.get();
    } catch (ClosedByInterruptException e) {
      throw HubException.interrupted(reference, e);
    } catch (IOException e) {
      throw new HubException(
          Reason.DISK,
          settings.cache(),
          "the cache cannot be used (%s); make room, make it writable, or set HF_HUB_CACHE"
              .formatted(e),
          e);
    }
  }

  private Snapshot asked(
      HubReference reference, WantedFiles needs, Optional<Snapshot> usable, HubListener listener)
      throws IOException {
    try (HubClient client = new HubClient(settings.endpoint(), settings.token())) {
      Listing listing;
      try {
        listing = client.listing(reference, usable.isPresent() ? patience.once() : patience);
      } catch (HubException e) {
        if (e.reason() != Reason.UNREACHABLE || usable.isEmpty()) {
          throw e;
        }
        listener.warning(
            "%s; using the cached commit %s".formatted(e.getMessage(), usable.get().commit()));
        return usable.get();
      }
      return completed(client, reference, needs, listing, listener);
    }
  }

  private Snapshot completed(
      HubClient client,
      HubReference reference,
      WantedFiles needs,
      Listing listing,
      HubListener listener)
      throws IOException {
    String commit = listing.commit();
    List<String> chosen = needs.choose(reference, listing);
    Optional<RepositoryCache> holder =
        caches(reference).stream()
            .filter(c -> needs.complete(reference, listing, c.snapshot(commit)))
            .findFirst();
    RepositoryCache cache = holder.orElseGet(() -> writable(reference));
    if (holder.isEmpty()) {
      Fetch fetch =
          new Fetch(client, patience, listener, reference.at(commit), cache, settings.symlinks());
      fetch.files(chosen);
      fetch.files(needs.namedBy(cache.snapshot(commit)));
    }
    if (cache.equals(writable(reference))) {
      note(reference, needs, listing, cache, listener);
    }
    return snapshot(reference, cache, commit);
  }

  /** Notes what later calls can use without a request. A cache that is only read does as well. */
  private static void note(
      HubReference reference,
      WantedFiles needs,
      Listing listing,
      RepositoryCache cache,
      HubListener listener) {
    try {
      if (!reference.isCommit()) {
        cache.remember(reference.revision(), listing.commit());
      }
      for (String file : needs.optional()) {
        if (!listing.files().contains(file)) {
          cache.rememberAbsent(listing.commit(), file);
        }
      }
    } catch (IOException e) {
      listener.warning(
          "%s: the cache cannot note commit %s (%s)".formatted(reference, listing.commit(), e));
    }
  }

  /**
   * The first cache's snapshot for which a condition holds, of the commit that this cache knows.
   */
  private Optional<Snapshot> cached(HubReference reference, Condition condition)
      throws IOException {
    for (RepositoryCache cache : caches(reference)) {
      Optional<String> commit = cache.commit(reference.revision());
      if (commit.isPresent() && condition.holds(cache, commit.get())) {
        return commit.map(c -> snapshot(reference, cache, c));
      }
    }
    return Optional.empty();
  }

  private HubException offline(HubReference reference, WantedFiles needs) throws IOException {
    RepositoryCache cache = writable(reference);
    String lacking =
        cache
            .commit(reference.revision())
            .map(cache::snapshot)
            .filter(Files::isDirectory)
            .map(snapshot -> snapshot + " lacks " + Listing.some(needs.lacking(snapshot)))
            .orElseGet(() -> cache.folder() + " does not have it");
    return new HubException(
        Reason.OFFLINE,
        reference,
        lacking + ", and HF_HUB_OFFLINE forbids to ask the hub; unset it for one run");
  }

  private RepositoryCache writable(HubReference reference) {
    return caches(reference).getFirst();
  }

  private List<RepositoryCache> caches(HubReference reference) {
    return settings.caches().stream()
        .map(root -> new RepositoryCache(root, reference.folderName()))
        .toList();
  }

  private static Snapshot snapshot(HubReference reference, RepositoryCache cache, String commit) {
    Path folder = cache.snapshot(commit);
    return new Snapshot(
        reference,
        commit,
        reference.file().map(folder::resolve).orElse(folder),
        WantedFiles.of(reference).in(reference, folder));
  }

  private interface Condition {
    boolean holds(RepositoryCache cache, String commit) throws IOException;
  }
}
