package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The bytes of an answer; a sender that falls silent or only drips is a failure, which the stream
 * cannot say.
 */
final class Body implements AutoCloseable {
  /** The least speed that is waited for, in bytes a second: a modem of forty years ago. */
  static final int LEAST_SPEED = 1024;

  private final HubReference reference;
  private final InputStream bytes;
  private final Duration silence;
  private long since = System.nanoTime();
  private long arrived;
  private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * A body.
   *
   * @param silence how long to wait for each piece, and over how long the speed is measured
   */
  Body(HubReference reference, InputStream bytes, Duration silence) {
    this.reference = reference;
    this.bytes = bytes;
    this.silence = silence;
  }

  /** The number of bytes that came next, or -1 at the end. */
  int read(byte[] buffer) throws TransientFailure {
    try {
      int n = reader.submit(() -> bytes.read(buffer)).get(silence.toNanos(), TimeUnit.NANOSECONDS);
      checkSpeed(n);
      return n;
    } catch (TimeoutException e) {
      throw new TransientFailure("nothing arrived for %d s".formatted(silence.toSeconds()));
    } catch (ExecutionException e) {
      throw new TransientFailure(e.getCause() instanceof IOException broken ? broken : e);
    } catch (InterruptedException e) {
      throw HubException.interrupted(reference, e);
    }
  }

  /**
   * All bytes.
   *
   * @param most how many there may be
   */
  byte[] readAll(int most) throws TransientFailure {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n = read(buffer); n >= 0; n = read(buffer)) {
      if (all.size() + n > most) {
        throw new HubException(
            Reason.DAMAGED,
            reference,
            "the hub's description of it is larger than %d MB; see whether HF_ENDPOINT is right"
                .formatted(most / 1_000_000));
      }
      all.write(buffer, 0, n);
    }
    return all.toByteArray();
  }

  private void checkSpeed(int n) throws TransientFailure {
    arrived += Math.max(0, n);
    long took = System.nanoTime() - since;
    if (took < silence.toNanos()) {
      return;
    }
    long wanted = (long) (LEAST_SPEED * (took / 1e9));
    if (n >= 0 && arrived < wanted) {
      throw TransientFailure.drip(
          "only %d bytes arrived in %d s".formatted(arrived, TimeUnit.NANOSECONDS.toSeconds(took)));
    }
    since += took;
    arrived = 0;
  }

  /** Ends the transfer, and with it a read that still waits. */
  @Override
  public void close() throws TransientFailure {
    try (reader) {
      bytes.close();
    } catch (IOException e) {
      throw new TransientFailure(e);
    }
  }
}
