package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Brings one blob into the cache: goes on where an earlier one stopped, and checks the whole. */
final class Download {
  private static final int BUFFER = 1 << 16;

  private final HubClient client;
  private final Patience patience;
  private final HubListener listener;
  private final HubReference reference;
  private final RemoteFile remote;
  private final Path incomplete;

  /**
   * A download.
   *
   * @param reference the file at its commit
   * @param incomplete where it grows; what is there already counts
   */
  Download(
      HubClient client,
      Patience patience,
      HubListener listener,
      HubReference reference,
      RemoteFile remote,
      Path incomplete) {
    this.client = client;
    this.patience = patience;
    this.listener = listener;
    this.reference = reference;
    this.remote = remote;
    this.incomplete = incomplete;
  }

  /**
   * Fetches what is missing and moves the whole to its place.
   *
   * @throws IOException if the cache cannot be written
   * @throws HubException if the hub does not give it, or gives something else
   */
  void into(Path blob) throws IOException {
    boolean resumed = Files.exists(incomplete);
    boolean whole = filled();
    if (!whole && resumed) {
      // What was there before was bad: once again from the start.
      whole = filled();
    }
    if (!whole) {
      throw damaged("its hash is not " + remote.etag());
    }
    Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Fills the file to its size; whether its content fits. One that does not is deleted. */
  private boolean filled() throws IOException {
    try (FileChannel channel =
        FileChannel.open(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (channel.size() > remote.size()) {
        channel.truncate(0);
      }
      fill(channel);
      channel.force(true);
    }
    boolean fits = BlobHash.fits(incomplete, remote.etag());
    if (!fits) {
      Files.delete(incomplete);
    }
    return fits;
  }

  /** Transfers until all is there; only failures in a row that bring hardly anything count. */
  private void fill(FileChannel channel) throws IOException {
    listener.progress(remote.name(), channel.size(), remote.size());
    int failures = 0;
    while (channel.size() < remote.size()) {
      long before = channel.size();
      try {
        transfer(channel);
      } catch (TransientFailure e) {
        failures = channel.size() > before && !e.dripping() ? 1 : failures + 1;
        if (failures >= patience.attempts()) {
          throw stopped(channel.size(), e);
        }
        patience.pause(reference, failures, e.retryAfter());
      }
    }
  }

  private void transfer(FileChannel channel) throws IOException, TransientFailure {
    long from = channel.size();
    HttpResponse<InputStream> answer = client.get(reference, from);
    try (Body body = new Body(reference, answer.body(), patience.silence())) {
      if (answer.statusCode() != HubClient.PARTIAL) {
        channel.truncate(0); // the server ignores ranges, or has nothing from there
      } else if (!range(answer).startsWith("bytes %d-".formatted(from))) {
        throw new TransientFailure("asked from byte %d, got %s".formatted(from, range(answer)));
      }
      if (answer.statusCode() == HubClient.RANGE_REFUSED) {
        throw new TransientFailure("there is nothing from byte %d".formatted(from));
      }
      copy(body, channel);
    }
  }

  private void copy(Body body, FileChannel channel) throws IOException, TransientFailure {
    byte[] buffer = new byte[BUFFER];
    channel.position(channel.size());
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      if (channel.position() + n > remote.size()) {
        throw damaged("more than the announced %d bytes".formatted(remote.size()));
      }
      for (ByteBuffer piece = ByteBuffer.wrap(buffer, 0, n); piece.hasRemaining(); ) {
        channel.write(piece);
      }
      listener.progress(remote.name(), channel.position(), remote.size());
    }
    if (channel.size() < remote.size()) {
      throw new TransientFailure("it ended too early");
    }
  }

  private static String range(HttpResponse<InputStream> answer) {
    return answer.headers().firstValue("Content-Range").orElse("no Content-Range");
  }

  private HubException stopped(long size, TransientFailure cause) {
    return new HubException(
        Reason.UNREACHABLE,
        reference,
        "the download stopped at byte %d of %d (%s); the next run goes on from there"
            .formatted(size, remote.size(), cause.problem()),
        cause);
  }

  private HubException damaged(String what) {
    return new HubException(
        Reason.DAMAGED,
        reference,
        """
        what arrived is not what the hub announced (%s); try again, and see whether a proxy \
        or mirror (HF_ENDPOINT) changes it\
        """
            .formatted(what));
  }
}
